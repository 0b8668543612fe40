"""What a benchmark reports, and the few measuring tools that more than one of them needs."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RELEASE = ROOT / "data" / "release" / "current"
LOGS = ROOT / "tests" / "_salida"


@dataclass(frozen=True)
class Figure:
    """One measured value; where there is one, the promise (`limit`) and the same thing done the usual way (`other`)."""

    title: str
    value: float
    unit: str
    limit: float | None = None
    other_title: str | None = None
    other: float | None = None
    note: str | None = None

    @property
    def kept(self) -> bool | None:
        """Whether the promise is kept; None when nothing was promised."""
        return None if self.limit is None else self.value <= self.limit

    @property
    def ratio(self) -> float | None:
        """The usual way divided by ours: 10 means that ours takes a tenth."""
        return self.other / self.value if self.other is not None and self.value else None


@dataclass(frozen=True)
class Run:
    """One finished process: wall-clock seconds, the peak resident memory of its largest process in MiB, what it said."""

    seconds: float
    peak_mib: float
    said: str = ""


def timed(arguments: Sequence[str], folder: Path = ROOT) -> Run:
    """Run `python …` from `folder` and measure it; raises RuntimeError, with what it said, when it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    assert process.stdout is not None
    with process.stdout as output:
        said = output.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(said)
    return Run(seconds, usage.ru_maxrss / 1024, said)


def gzipped(*paths: Path) -> int:
    """Bytes of the files once each is compressed with gzip -9, as they would travel."""
    return sum(len(gzip.compress(path.read_bytes(), 9, mtime=0)) for path in paths)


def log_file(name: str) -> Path:
    """Where the server of a benchmark writes what it prints."""
    LOGS.mkdir(parents=True, exist_ok=True)
    return LOGS / f"{name}.log"
