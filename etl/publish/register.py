"""Writes the list of releases that the site reads, from the history: what was published first when, and what was withdrawn."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from etl.publish.history import Action, History
from etl.release import ReleaseError
from etl.release.disk import replace_file
from etl.release.register import REGISTER, Listed, read_register

SPARE = ".publicaciones-{}.nuevo"


def write_register(destination: Path, history: History) -> None:
    """Bring the list of `destination` up to date with its history; only while holding `etl.release.only_one`. OSError.

    What the list already says and the history does not (one that was begun again) stays: a release that was withdrawn is not
    forgotten with its history.
    """
    found = dict(_as_listed(history))
    with suppress(ReleaseError):  # one that nobody can read is written again
        known = read_register(destination)
        found = {**known, **{name: _joined(known.get(name), item) for name, item in found.items()}}
    ordered = sorted(found.values(), key=lambda item: (item["publicada"], item["publicacion"]))
    content = (json.dumps({"publicaciones": ordered}, ensure_ascii=False, indent=1) + "\n").encode()
    replace_file(destination / REGISTER, content, destination / SPARE.format(os.getpid()))


def _as_listed(history: History) -> Mapping[str, Listed]:
    """Each release of the history as the list says it."""
    found: dict[str, Listed] = {}
    for entry in history.endings():
        moment = entry.when.isoformat(timespec="seconds")
        item = found.setdefault(entry.release, {"publicacion": entry.release, "publicada": moment})
        if entry.action is Action.WITHDRAW:
            item["retirada"], item["motivo"] = moment, entry.motive or ""
        elif entry.action is Action.RESTORE:
            item.pop("retirada", None)
            item.pop("motivo", None)
    return found


def _joined(known: Listed | None, told: Listed) -> Listed:
    """What the history tells of a release, with the moment of its publication if the list knows an earlier one."""
    return told if known is None else {**told, "publicada": min(known["publicada"], told["publicada"])}
