"""The name of a folder of releases, which it keeps when it is moved: one history may serve several folders."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

from etl.release.disk import replace_file

FILE = ".identidad"


def known_name_of(folder: Path) -> str | None:
    """The name that `folder` has, None if it has not been given one."""
    try:
        return (folder / FILE).read_text(encoding="ascii").strip() or None
    except (OSError, UnicodeDecodeError):
        return None


def name_of(folder: Path) -> str:
    """The name of `folder`, given to it if it had none; only while holding `etl.release.only_one`. OSError."""
    if known := known_name_of(folder):
        return known
    given = uuid4().hex
    replace_file(folder / FILE, f"{given}\n".encode(), folder / f"{FILE}.{os.getpid()}")
    return given
