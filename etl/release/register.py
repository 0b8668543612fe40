"""What is kept beside the releases for the site to tell: which there have been, since when, and which were withdrawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from etl.release.names import NAME, ReleaseError

REGISTER = "publicaciones.json"


class Listed(TypedDict):
    """A release that was published: `publicada` is when it first became current; one that was withdrawn says when and why.

    Moments are ISO, UTC.
    """

    publicacion: str
    publicada: str
    retirada: NotRequired[str]
    motivo: NotRequired[str]


class WithdrawnError(ReleaseError):
    """A release that was published and is not served any more: `listed` is what is known of it."""

    def __init__(self, listed: Listed) -> None:
        self.listed = listed
        super().__init__(what_became_of(listed))


def what_became_of(listed: Listed) -> str:
    """Why a release that was published is not there, in a sentence without its final point."""
    if "retirada" not in listed:
        return f"la publicación {listed['publicacion']} existió y ya no se guarda aquí"
    return f"la publicación {listed['publicacion']} se retiró el {_day(listed['retirada'])}: {listed.get('motivo', '')}"


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).date().isoformat()


def read_register(folder: Path) -> Mapping[str, Listed]:
    """The releases that have been published in `folder`, by name, the first one first; none if nobody kept the list.

    ReleaseError if it cannot be read.
    """
    try:
        found: list[Listed] = json.loads((folder / REGISTER).read_bytes())["publicaciones"]
        for item in found:
            _check(item)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ReleaseError(
            f"{REGISTER} no se puede leer: se escribe de nuevo en la próxima orden que publique"
        ) from None
    return {item["publicacion"]: item for item in found}


def withdrawn(folder: Path) -> frozenset[str]:
    """The names of the releases of `folder` that were withdrawn; ReleaseError if the list cannot be read."""
    return frozenset(name for name, item in read_register(folder).items() if "retirada" in item)


def cutoff_of(release_id: str) -> date:
    """The day in the name of a release: the latest of its cut-offs."""
    year, month, day = release_id.split("-")[-4:-1]
    return date(int(year), int(month), int(day))


def _check(item: Any) -> None:
    """Raises when a release is not as it is said here: whoever reads it trusts it."""
    if not NAME.fullmatch(item["publicacion"]):
        raise ValueError
    for name in ("publicada", "retirada"):
        if name in item:
            datetime.fromisoformat(item[name])
    if not isinstance(item.get("motivo", ""), str):
        raise TypeError
