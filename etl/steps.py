"""The only pipeline: read -> correct -> conform -> validate; the release writes what comes out.

Nothing is written here, so `check` is this and `build` is this plus a publication.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import pandas as pd

from etl import corrections, validation
from etl.conforming import conform, reject
from etl.model import Artifact, Dataset, Notice, Problem
from etl.reading import is_complete, read_input


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
    corrections: dict[str, tuple[corrections.Correction, ...]] = field(default_factory=dict)

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets of this result, each after the ones it needs."""
        return tuple(account.dataset for account in self.accounts)

    @property
    def problems(self) -> list[Problem]:
        """Every problem of every dataset, by file, row and column."""
        found = [problem for account in self.accounts for problem in account.problems]
        return sorted(set(found), key=lambda p: (p.file, p.row or 0, p.column or "", p.message, p.value or ""))


def run(
    datasets: Iterable[Dataset],
    origin: Path,
    on_start: Callable[[Dataset], None] = lambda dataset: None,
    corrections_folder: Path = corrections.FOLDER,
) -> Result:
    """Everything but writing, for `datasets` (each after the ones it needs) whose files are in `origin`/<dataset>/."""
    result = Result()
    for dataset in datasets:
        on_start(dataset)
        start = perf_counter()
        account = Account(dataset)
        result.accounts.append(account)
        result.corrections[dataset.name] = corrections.load(dataset.name, corrections_folder)
        _process(account, result, origin)
        account.seconds = perf_counter() - start
    return result


def _process(account: Account, result: Result, origin: Path) -> None:
    dataset = account.dataset
    complete = {other.dataset.name for other in result.accounts if other.complete and other is not account}
    account.waiting_for = tuple(name for name in dataset.needs if name not in complete)
    inputs, whole = _inputs(account, origin / dataset.name, result.corrections[dataset.name])
    if account.waiting_for:
        return
    frames = {**_needed_tables(dataset, result), **inputs}
    if whole:
        account.problems += [problem for check in dataset.source_checks for problem in check(frames)]
    if account.problems:
        return
    tables = {name: validation.typed(dataset.table(name), frame) for name, frame in dataset.read(frames).items()}
    frames |= tables
    for table in dataset.tables:
        account.problems += validation.problems(table, tables[table.name], frames)
    if not account.problems:
        account.problems += [problem for check in dataset.checks for problem in check(frames)]
    if account.problems:
        return
    result.tables |= tables
    result.notices += [notice for source in dataset.notices for notice in source(frames)]
    if dataset.artifacts:
        result.artifacts |= {name: (dataset, item) for name, item in sorted(dataset.artifacts(frames).items())}


def _inputs(account: Account, folder: Path, fixes) -> tuple[Mapping[str, pd.DataFrame], bool]:
    """Typed frames of every input by file name, and whether all of them have every declared column."""
    frames: dict[str, pd.DataFrame] = {}
    for declared in account.dataset.inputs:
        raw = read_input(folder / declared.file, declared)
        account.problems += raw.problems
        if raw.ignored:
            account.ignored[declared.file] = raw.ignored
        if raw.frame is None:
            continue
        frame, found = corrections.apply(raw.frame, [item for item in fixes if item.file == declared.file])
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
    return frames, len(frames) == len(account.dataset.inputs)


def _needed_tables(dataset: Dataset, result: Result) -> dict[str, pd.DataFrame]:
    names = [table.name for other in result.datasets if other.name in dataset.needs for table in other.tables]
    return {name: result.tables[name] for name in names if name in result.tables}
