"""Work on several systems side by side, each in a process of its own: they do not depend on one another."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Task = TypeVar("Task")
Made = TypeVar("Made")
#: A new process takes a second or two to load its libraries: it is worth it when two of the tasks have so many cells.
LARGE = 50_000


def side_by_side(
    work: Callable[[Task], Made],
    tasks: Sequence[Task],
    cells: Sequence[int],
    say: Callable[[str], None] = lambda words: None,
) -> list[Made] | None:
    """What `work` makes of each task, in order; None when doing one after the other costs less, and nothing was done.

    `work` is a function of a module, and `cells` is how large each task is: the largest begin first. What is made does not
    depend on how many processes there are. The first that fails ends them all.
    """
    processes = min(_processors(), len(tasks))
    if processes < 2 or sum(size >= LARGE for size in cells) < 2:
        return None
    made: dict[int, Made] = {}
    # A fork of this process would inherit its threads (DuckDB's, the console's) as they happen to be.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_the_parent) as pool:
        order = sorted(range(len(tasks)), key=lambda number: -cells[number])
        waited = {pool.submit(work, tasks[number]): number for number in order}
        try:
            for done in as_completed(waited):
                made[waited[done]] = done.result()
                say(f"{len(made)} de {len(tasks)}")
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [made[number] for number in range(len(tasks))]


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _end_with_the_parent() -> None:
    """A process whose parent is killed would otherwise wait for more work for ever."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
