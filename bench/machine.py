"""What a figure depends on: the machine that it was read on, and the code, which must be a commit that anybody can get."""

from __future__ import annotations

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

#: Where the figures themselves are left: writing one of them does not change what is measured.
RESULTS = "bench/results"
MOST_NAMED = 5


@dataclass(frozen=True)
class Code:
    """The commit of a copy of the project, and what its files have that no commit has."""

    commit: str | None
    changed: tuple[str, ...] = ()

    @property
    def refusal(self) -> str | None:
        """Why a figure read on this code cannot be published; None when it can."""
        if self.commit is None:
            return "esta carpeta no es un repositorio de git: nadie podría saber qué código se midió"
        if self.changed:
            more = f" y {len(self.changed) - MOST_NAMED} más" if len(self.changed) > MOST_NAMED else ""
            named = ", ".join(self.changed[:MOST_NAMED])
            return f"hay cambios sin confirmar en git ({named}{more}): nadie podría repetir la medición"
        return None


def code_of(root: Path) -> Code:
    """The state of the code under `root`, new files included and those that git ignores left out."""
    commit = _git(root, "rev-parse", "--short=10", "HEAD")
    status = _git(root, "status", "--porcelain", "-z", "--no-renames", "--", ".", f":(exclude){RESULTS}")
    if commit is None or status is None:
        return Code(None)
    return Code(commit.strip(), tuple(entry[3:] for entry in status.split("\0") if entry))


def _git(root: Path, *arguments: str) -> str | None:
    """What git says, or None when it cannot say it."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True)
    except FileNotFoundError:
        return None
    return done.stdout if done.returncode == 0 else None


def facts(commit: str | None) -> dict[str, str | int | float | None]:
    """Processors and what else kept them busy, Python, and the commit measured."""
    return {
        "arquitectura": platform.machine(),
        "nucleos": os.cpu_count(),
        "carga": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "commit": commit,
    }
