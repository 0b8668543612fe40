"""Protected cubes on this machine's disk, used again while nothing they depend on changes.

The folder is private, as the one of the exact cubes is.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from pathlib import Path

import pandas as pd

from etl.model import Frames

#: How many systems are kept: a release has several, and each changes with every cut-off.
MOST, INDEX = 40, "indice.json"


def read_kept(place: Path) -> tuple[Frames, list[str]] | None:
    """What was kept in `place`, and what it was joined with; None if nothing was, or if it is not what was written."""
    try:
        index = json.loads((place / INDEX).read_text(encoding="utf-8"))
        contents = {name: (place / f"{name}.parquet").read_bytes() for name in index["cubos"]}
        if any(hashlib.sha256(contents[name]).hexdigest() != sha256 for name, sha256 in index["cubos"].items()):
            return None
        return {name: pd.read_parquet(io.BytesIO(content)) for name, content in contents.items()}, index["junto_con"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(place: Path, published: Frames, joined: list[str]) -> None:
    """Keep it for the next run, whole or not at all; without room for it the next run only takes longer."""
    unfinished = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        for left in place.parent.glob(".*"):
            shutil.rmtree(left, ignore_errors=True)
        unfinished.mkdir(mode=0o700, parents=True)
        hashes: dict[str, str] = {}
        for name, frame in published.items():
            path = unfinished / f"{name}.parquet"
            frame.to_parquet(path, index=False)
            hashes[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        index = {"cubos": hashes, "junto_con": joined}
        (unfinished / INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        os.rename(unfinished, place)
        kept = sorted(place.parent.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for old in kept[MOST:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        shutil.rmtree(unfinished, ignore_errors=True)
