"""The only pipeline: read -> correct -> conform -> validate; the release writes what comes out.

Nothing is written here, so `check` is this and `build` is this plus a publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl.model import Artifact, Dataset, Notice, Problem
from etl.pipeline import correct, validate
from etl.pipeline.conform import conform, reject
from etl.pipeline.read import is_complete, read_input


@dataclass
class Account:
    """What happened to one dataset: rows read = loaded + rejected with a reason."""

    dataset: Dataset
    read: int = 0
    loaded: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    ignored: dict[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: list[tuple[str, str, int]] = field(default_factory=list)  # file, sha256, rows
    problems: list[Problem] = field(default_factory=list)
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
    utility: dict[str, list] = field(
        default_factory=dict
    )  # what each protected dataset loses (disclosure.frames.Utility)
    loose: list[Problem] = field(default_factory=list)  # problems of no dataset: of cubes that could not be read
    doubts: list[Notice] = field(
        default_factory=list
    )  # what looks wrong though nothing proves it: for a person to accept
    synthetic: frozenset[str] = frozenset()  # names of datasets about invented people (demonstration only)

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
) -> Result:
    """Everything but writing, for `datasets` (each after the ones it needs) whose files are in `origin`/<dataset>/."""
    result = Result()
    for dataset in datasets:
        on_start(dataset)
        account = Account(dataset)
        result.accounts.append(account)
        result.corrections[dataset.name] = correct.load(dataset.name, corrections_folder)
        with _timed(account):
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
    inputs = _inputs(account, origin / dataset.name, result.corrections[dataset.name])
    if account.waiting_for:
        return
    frames = Available({**_needed_tables(dataset, result), **inputs})
    for check in dataset.source_checks:
        with suppress(NotRead):
            account.problems += check(frames)
    if account.problems:
        return
    tables = {name: validate.typed(dataset.table(name), frame) for name, frame in dataset.read(frames).items()}
    frames |= tables
    for table in dataset.tables:
        account.problems += validate.problems(table, tables[table.name], frames)
    if not account.problems:
        account.problems += [problem for check in dataset.checks for problem in check(frames)]
    if account.problems:
        return
    result.tables |= tables
    result.notices += [notice for source in dataset.notices for notice in source(frames)]


class NotRead(Exception):
    """A check asked for an input that could not be read; what is wrong with that input is already said."""


class Available(dict):
    """Frames by name; asking for one that is not there is NotRead."""

    def __missing__(self, name: str) -> pd.DataFrame:
        raise NotRead(name)


def _inputs(account: Account, folder: Path, fixes: Sequence[correct.Correction]) -> dict[str, pd.DataFrame]:
    """Typed frames, by file name, of the inputs that have every declared column."""
    frames: dict[str, pd.DataFrame] = {}
    for declared in account.dataset.inputs:
        raw = read_input(folder / declared.file, declared)
        account.problems += raw.problems
        if raw.ignored:
            account.ignored[declared.file] = raw.ignored
        if raw.frame is None:
            continue
        frame, found = correct.apply(raw.frame, [item for item in fixes if item.file == declared.file])
        account.problems += found
        kept, rejected = reject(frame, declared) if is_complete(frame, declared) else (frame, {})
        typed, found = conform(kept, declared)
        account.problems += found
        account.read += len(frame)
        account.loaded += len(kept)
        for reason, count in rejected.items():
            account.rejected[reason] = account.rejected.get(reason, 0) + count
        account.inputs.append((declared.file, raw.sha256 or "", len(frame)))
        if is_complete(typed, declared):
            frames[declared.file] = typed
    return frames


def _needed_tables(dataset: Dataset, result: Result) -> dict[str, pd.DataFrame]:
    others = [other for other in result.datasets if other.name in dataset.needs]
    return {name: frame for other in others for name, frame in _own_tables(other, result).items()}


def _own_tables(dataset: Dataset, result: Result) -> dict[str, pd.DataFrame]:
    return {table.name: result.tables[table.name] for table in dataset.tables}
