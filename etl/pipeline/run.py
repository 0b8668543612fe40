"""The only pipeline: bind -> read -> correct -> conform -> validate; the release writes what comes out.

Nothing is written here, so `check` is this and `build` is this plus a publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter

import pandas as pd
import pyarrow as pa

from etl.disclosure.utility import Utility
from etl.model import (
    DELIVERED,
    Artifact,
    Dataset,
    Given,
    Input,
    Notice,
    NotRead,
    Problem,
    Provenance,
    Source,
    SourceFile,
)
from etl.pipeline import bind, correct, validate
from etl.pipeline.conform import conform, reject
from etl.pipeline.place import Placed, placed
from etl.pipeline.provenance import place_of
from etl.pipeline.read import is_complete, read_input
from etl.release import CorrectionFacts, Past


@dataclass
class Account:
    """What happened to one dataset: rows read = loaded + rejected with a reason.

    `dataset` has its provenance, unless what was wrong is its `fuente.toml` or that of a dataset it rests on.
    """

    dataset: Dataset
    read: int = 0
    loaded: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: list[tuple[str, str, int]] = field(default_factory=list)  # file, sha256, rows
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)  # what was set right, or left out, to read a file
    waiting_for: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def complete(self) -> bool:
        """Whether its tables exist: nothing was wrong and nothing it needs was."""
        return not self.problems and not self.waiting_for


@dataclass
class Result:
    """Everything a release is made of, or every reason why there is none."""

    accounts: list[Account] = field(default_factory=list)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    artifacts: dict[str, tuple[Dataset, Artifact]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    corrections: dict[str, tuple[correct.Correction, ...]] = field(default_factory=dict)
    utility: dict[str, list[Utility]] = field(default_factory=dict)  # what each protected dataset loses
    loose: list[Problem] = field(default_factory=list)  # problems of no dataset: of cubes that could not be read
    doubts: list[Notice] = field(
        default_factory=list
    )  # what looks wrong though nothing proves it: for a person to accept
    synthetic: frozenset[str] = frozenset()  # names of datasets about invented people (demonstration only)
    past: Past = field(default_factory=Past)  # what was told before of the people of some table
    recounts: dict[str, list[CorrectionFacts]] = field(
        default_factory=dict
    )  # what of each dataset was counted again, because a release that is public had told it wrong
    invented: tuple[int, int] | None = None  # how many those people are, and how many of the registry they stand for

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets of this result, each after the ones it needs."""
        return tuple(account.dataset for account in self.accounts)

    @property
    def problems(self) -> list[Problem]:
        """Every problem of every dataset, by file, row and column."""
        found = self.loose + [problem for account in self.accounts for problem in account.problems]
        return sorted(set(found), key=lambda p: (p.file, p.row or 0, p.column or "", p.message, p.value or ""))


def run(
    datasets: Iterable[Dataset],
    origin: Path,
    on_start: Callable[[Dataset], None] = lambda dataset: None,
    corrections_folder: Path = correct.FOLDER,
    after: Result | None = None,
) -> Result:
    """Everything but writing, for `datasets` (each after the ones it needs) whose files are in `origin`/<dataset>/.

    Where the files come from, and which they are, is read from the `fuente.toml` of each of those folders. `after` is what
    a run has already made of datasets that these need: it is not changed, and the result has both.
    """
    result = Result()
    if after:
        result = replace(
            after,
            accounts=list(after.accounts),
            tables=dict(after.tables),
            artifacts=dict(after.artifacts),
            notices=list(after.notices),
            corrections=dict(after.corrections),
        )
    for dataset in datasets:
        on_start(dataset)
        known = {account.dataset.name: account.dataset.provenance for account in result.accounts}
        account = Account(dataset)
        result.accounts.append(account)
        result.corrections[dataset.name], wrong = correct.load(dataset.name, corrections_folder)
        with _timed(account):
            found, problems = bind.provenance(dataset, origin / dataset.name, known)
            account.problems = problems + wrong
            account.dataset = replace(dataset, provenance=found)
            _process(account, result, origin)
    if not result.problems:
        _make_artifacts(result, on_start)
    return result


@contextmanager
def _timed(account: Account) -> Iterator[None]:
    start = perf_counter()
    yield
    account.seconds += perf_counter() - start


def _make_artifacts(result: Result, on_start: Callable[[Dataset], None]) -> None:
    """Files that are not tables: slow to make, so only when there is going to be a release."""
    for account in result.accounts:
        if make := account.dataset.artifacts:
            on_start(account.dataset)
            with _timed(account):
                made = make({**_needed_tables(account.dataset, result), **_own_tables(account.dataset, result)})
            result.artifacts |= {name: (account.dataset, item) for name, item in sorted(made.items())}


def _process(account: Account, result: Result, origin: Path) -> None:
    dataset = account.dataset
    complete = {other.dataset.name for other in result.accounts if other.complete and other is not account}
    account.waiting_for = tuple(name for name in dataset.needs if name not in complete)
    if dataset.provenance is None:
        return
    read = _inputs(account, dataset.provenance, origin / dataset.name, result.corrections[dataset.name])
    if account.waiting_for:
        return
    frames = {name: item.frame for name, item in read.items() if item.frame is not None}
    needed = _needed_tables(dataset, result)
    if repeated := frames.keys() & (needed.keys() | {table.name for table in dataset.tables}):
        raise ValueError(f"{dataset.name} tiene una entrada que se llama como una tabla: {', '.join(sorted(repeated))}")
    given = Given({**needed, **frames}, _origins(dataset, dataset.provenance, result))
    for check in dataset.source_checks:
        with suppress(NotRead):
            account.problems += placed(check(given), read)
    if account.problems:
        return
    made = dict(dataset.read(given))
    for name in (item.name for item in dataset.inputs if item.spent):
        given.pop(name), frames.pop(name)
        read[name] = replace(read[name], frame=None)
    pa.default_memory_pool().release_unused()  # what reading took, before the tables are checked
    tables = {name: validate.typed(dataset.table(name), made.pop(name)) for name in list(made)}  # one copy at a time
    given.update(tables)
    for table in dataset.tables:
        account.problems += validate.problems(table, tables[table.name], given)
    if not account.problems:
        account.problems += [problem for check in dataset.checks for problem in placed(check(given), read)]
        account.problems += _totals_without_check(given, dataset.provenance, place_of(origin / dataset.name))
    if account.problems:
        return
    result.tables |= tables
    result.notices += [notice for said in dataset.notices for notice in said(given)]


def _origins(dataset: Dataset, provenance: Provenance, result: Result) -> dict[str, tuple[Source, ...]]:
    """The sources of everything that `dataset` is given, by name of input or table."""
    others = [other for other in result.datasets if other.name in dataset.needs]
    return {
        **{table.name: other.sources(table) for other in others for table in other.tables},
        **{item.name: provenance.of_input(item.name) for item in dataset.inputs},
        **{table.name: dataset.sources(table) for table in dataset.tables},
    }


def _totals_without_check(given: Given, provenance: Provenance, place: str) -> list[Problem]:
    """Official totals that nobody compared with the figures: a name that is misspelt would pass unseen."""
    message = "ninguna comprobación del dataset usa este total"
    return [
        Problem(place, None, f"fuentes.{name}.totales.{total.name}", None, message)
        for name, source in provenance.sources.items()
        for total in source.totals
        if total not in given.checked
    ]


def _inputs(
    account: Account, provenance: Provenance, folder: Path, fixes: Sequence[correct.Correction]
) -> dict[str, Placed]:
    """The rows of each input, by name: typed if every file of it has every declared column."""
    read = {}
    for declared in account.dataset.inputs:
        files = [item for item in provenance.files if item.input == declared.name]
        read[declared.name] = Placed.of([(item.name, _file(account, declared, item, folder, fixes)) for item in files])
    known = {item.name for item in provenance.files}
    message = "la corrección «{}» es de un archivo que no está entre los del dataset: ¿cambió de nombre?"
    account.problems += [
        Problem(item.file, None, None, None, message.format(item.what)) for item in fixes if item.file not in known
    ]
    return read


def _file(
    account: Account, declared: Input, file: SourceFile, folder: Path, fixes: Sequence[correct.Correction]
) -> pd.DataFrame | None:
    """The typed rows of one file, None if they lack a declared column; the account says the rest."""
    raw = read_input(folder, declared, file)
    account.problems += raw.problems
    account.notices += [f"{file.name}: {message}" for message in raw.notices]
    if raw.ignored:
        account.ignored[file.name] = raw.ignored
    if raw.frame is None:
        return None
    frame, found = correct.apply(raw.frame, [item for item in fixes if item.file == file.name])
    account.problems += found
    kept, rejected = reject(frame, declared) if is_complete(frame, declared) else (frame, {})
    typed, found = conform(kept, declared, file.name)
    account.problems += found
    account.read += len(frame)
    account.loaded += len(kept)
    for reason, count in rejected.items():
        account.rejected[reason] = account.rejected.get(reason, 0) + count
    account.inputs.append((file.name, raw.sha256 or "", len(frame)))
    if not is_complete(typed, declared):
        return None
    return typed.assign(**{DELIVERED: pd.Timestamp(file.source.cutoff)}) if declared.accumulates else typed


def _needed_tables(dataset: Dataset, result: Result) -> dict[str, pd.DataFrame]:
    others = [other for other in result.datasets if other.name in dataset.needs]
    return {name: frame for other in others for name, frame in _own_tables(other, result).items()}


def _own_tables(dataset: Dataset, result: Result) -> dict[str, pd.DataFrame]:
    return {table.name: result.tables[table.name] for table in dataset.tables}
