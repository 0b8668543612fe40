"""Where a row is: the files that fill an input are read as one frame, and a problem must name the file and the row in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from etl.model import Problem


@dataclass(frozen=True)
class Placed:
    """The rows of one input; None if some file of it could not be read whole.

    The index labels each row: its number in its file, plus what was added to the labels of that file (`starts`, in order)
    so that no two files share one. The only file of an input keeps its numbers as they are.
    """

    frame: pd.DataFrame | None
    starts: tuple[tuple[str, int], ...]

    @classmethod
    def of(cls, files: Sequence[tuple[str, pd.DataFrame | None]]) -> Placed:
        """The rows of `files` (name, and rows labelled with their numbers in it) one after another."""
        starts, frames, last = [], [], 0
        for name, frame in files:
            starts.append((name, last))
            if frame is not None:
                frames.append(frame.set_axis(frame.index + last) if last else frame)
                last = int(frames[-1].index.max()) if len(frame) else last
        whole = frames[0] if len(frames) == 1 else pd.concat(frames) if frames else None
        return cls(whole if len(frames) == len(files) else None, tuple(starts))

    def place(self, label: int | None) -> tuple[str, int | None]:
        """File and number of the row labelled `label`; of no row, the name of every file."""
        if label is None:
            return ", ".join(name for name, _ in self.starts), None
        name, start = next(item for item in reversed(self.starts) if item[1] < label)
        return name, label - start


def placed(problems: Iterable[Problem], read: Mapping[str, Placed]) -> list[Problem]:
    """`problems` with the file and the row in it, where a check named an input and the label of a row."""
    return [_placed(item, read[item.file]) if item.file in read else item for item in problems]


def _placed(problem: Problem, rows: Placed) -> Problem:
    file, row = rows.place(problem.row)
    return replace(problem, file=file, row=row)
