"""What is kept beside the releases of the analyses that others published with their figures: a list, and the files given."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from etl.release.names import NAME, ReleaseError

#: The folder, and the list in it.
ANALYSES, LIST = "analisis", "analisis.json"
#: What a file of an analysis may be, and what its name may be: nothing that a browser would run.
FILE_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
}
FILE_NAME = re.compile(rf"[a-z0-9][a-z0-9_-]{{0,99}}\.({'|'.join(FILE_TYPES)})")


class Analysis(TypedDict):
    """An analysis that was published: who wrote it, when (ISO), and the release that it cites. It has a `archivo`, with its
    `sha256` and its `bytes`, or an `enlace`, or both.
    """

    titulo: str
    organizacion: str
    fecha: str
    publicacion: str
    resumen: NotRequired[str]
    autores: NotRequired[list[str]]
    enlace: NotRequired[str]
    archivo: NotRequired[str]
    sha256: NotRequired[str]
    bytes: NotRequired[int]


def read_analyses(folder: Path) -> tuple[Analysis, ...]:
    """The analyses listed in a folder of releases, the newest first; none if nobody listed any.

    ReleaseError if the list cannot be read.
    """
    try:
        found: list[Analysis] = json.loads((folder / ANALYSES / LIST).read_bytes())["analisis"]
        for item in found:
            _check(item)
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ReleaseError(f"{LIST} no se puede leer: «python -m etl analisis» lo escribe de nuevo") from None
    return tuple(found)


def stamp(folder: Path) -> str:
    """What changes when the list of a folder of releases does, without reading it; empty if there is none."""
    try:
        told = (folder / ANALYSES / LIST).stat()
    except OSError:
        return ""
    return f"{told.st_mtime_ns:x}.{told.st_size:x}"


def _check(item: Any) -> None:
    """Raises when an analysis is not as it is said here: whoever reads it trusts it."""
    for name in ("titulo", "organizacion"):
        if not isinstance(item[name], str) or not item[name]:
            raise ValueError
    date.fromisoformat(item["fecha"])
    if not NAME.fullmatch(item["publicacion"]):
        raise ValueError
    if not isinstance(item.get("resumen", ""), str) or not all(isinstance(one, str) for one in item.get("autores", [])):
        raise TypeError
    if "enlace" in item and not item["enlace"].startswith(("https://", "http://")):
        raise ValueError
    if "archivo" in item and not (
        FILE_NAME.fullmatch(item["archivo"]) and re.fullmatch("[0-9a-f]{64}", item["sha256"])
    ):
        raise ValueError
    if "archivo" not in item and "enlace" not in item:
        raise KeyError
