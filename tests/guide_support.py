"""The guides of docs/ as instructions that a program can follow: the files that they write and the changes that they make.

A block of code under a line that ends by naming a file in backticks («In `a/b.py`:») is that file. A `diff` block is a
change to the files that it names.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.browser_support import ROOT

#: A block, with the line above it when that line ends by naming a file.
BLOCK = re.compile(r"(?:`(?P<file>[\w./-]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
CHANGED = re.compile(r"^\+\+\+ b/(\S+)$", re.MULTILINE)
#: What a copy of the project needs to run its commands and its site.
COPIED = ("etl", "dashboard", "assets", "pyproject.toml")


@dataclass(frozen=True)
class Step:
    """One block that changes the project: a whole file, or a patch of the files that it names."""

    files: tuple[str, ...]
    text: str
    patch: bool


def steps(guide: Path) -> Iterator[Step]:
    """What a guide says to do, in its order; blocks that are only to be read are left out."""
    for block in BLOCK.finditer(guide.read_text(encoding="utf-8")):
        if block["language"] == "diff":
            yield Step(tuple(CHANGED.findall(block["text"])), block["text"], patch=True)
        elif block["file"]:
            yield Step((block["file"],), block["text"], patch=False)


def written(guide: Path) -> set[str]:
    """The files that a guide says to write, by their path from the root of the project."""
    return {name for step in steps(guide) if not step.patch for name in step.files}


def follow(guide: Path, folder: Path) -> list[str]:
    """Do in `folder`, a copy of the project, what a guide says; the files that it touched, in order, each once.

    AssertionError when a change does not fit the code as it is today.
    """
    done: dict[str, None] = {}
    for step in steps(guide):
        if step.patch:
            # Line numbers and counts are only a hint: what must match are the lines around each change.
            order = ["git", "apply", "--recount", "--whitespace=nowarn", "-"]
            made = subprocess.run(order, cwd=folder, input=step.text, capture_output=True, text=True)
            assert made.returncode == 0, f"{guide.name} no longer fits {step.files}:\n{made.stderr}"
        else:
            path = folder / step.files[0]
            assert not path.exists(), f"{guide.name} writes {step.files[0]}, which is already there"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step.text, encoding="utf-8")
        done |= dict.fromkeys(step.files)
    return list(done)


def project_copy(folder: Path) -> Path:
    """A copy of the project's code in `folder`, outside any repository."""
    for name in COPIED:
        origin = ROOT / name
        if origin.is_dir():
            shutil.copytree(origin, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, folder / name)
    return folder
