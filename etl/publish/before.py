"""What earlier releases published stays published: nothing new is, while one of them is lost or changed."""

from __future__ import annotations

from pathlib import Path

from etl.cubes.declared import CUBES
from etl.model import Problem
from etl.pipeline.run import Result
from etl.publish.contents import release_files
from etl.release import Manifest, ReleaseError, past_of


def broken(result: Result, destination: Path) -> list[Problem]:
    """The releases of `destination` with cubes that are lost or changed, but for one that publishing `result` repairs."""
    if result.problems or not result.past.broken():
        return []
    release_id, _ = release_files(result)
    return [
        Problem(f"{destination.name}/{name}", None, None, None, words) for name, words in result.past.broken(release_id)
    ]


def check_nothing_changed(release_id: str, manifest: Manifest, destination: Path) -> None:
    """The same at the last moment, when nobody else can publish: ReleaseError if another operation did since this began."""
    tables = {cube.name for cube in CUBES}
    if manifest.get("sintetica") or not tables & {str(item["tabla"]) for item in manifest["archivos"]}:
        return
    past = past_of(destination, tables)
    for name, words in past.broken(release_id):
        raise ReleaseError(f"No se publicó nada. {name}: {words}")
    named = {(item["publicacion"], item["sha256"]) for item in manifest.get("anteriores", ())}
    if release_id not in past.kept and named != {(item.id, item.sha256) for item in past.kept.values()}:
        raise ReleaseError("Otra operación publicó mientras esta se preparaba. No se publicó nada: repita la orden")
