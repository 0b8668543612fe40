"""One module per dataset, found by being here: each declares a `DATASET`, and nothing else lists them.

What is in each module, its own first line says.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable
from functools import cache
from graphlib import TopologicalSorter

from etl.model import Dataset


@cache
def all_datasets() -> tuple[Dataset, ...]:
    """Every declared dataset, each after the ones it needs; otherwise in alphabetical order."""
    names = sorted(info.name for info in pkgutil.iter_modules(__path__))
    found = {name: importlib.import_module(f"{__name__}.{name}").DATASET for name in names}
    return in_order(found.values())


def in_order(datasets: Iterable[Dataset]) -> tuple[Dataset, ...]:
    """`datasets`, each after the ones it needs (those outside `datasets` are ignored)."""
    by_name = {item.name: item for item in datasets}
    sorter = TopologicalSorter({n: [need for need in by_name[n].needs if need in by_name] for n in sorted(by_name)})
    return tuple(by_name[name] for name in sorter.static_order())


def dataset(name: str) -> Dataset:
    """The dataset called `name`; KeyError if there is none."""
    for candidate in all_datasets():
        if candidate.name == name:
            return candidate
    raise KeyError(f"no hay ningún dataset llamado {name}")


def with_needs(names: Iterable[str]) -> tuple[Dataset, ...]:
    """The datasets called `names` and, before them, everything they need."""
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending.extend(dataset(name).needs)
    return tuple(item for item in all_datasets() if item.name in wanted)
