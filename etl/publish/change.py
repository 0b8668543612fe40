"""A change of the current release that leaves a trace: written down before, done by one rename, closed after."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from etl.publish.before import check_nothing_changed
from etl.publish.history import Action, History, HistoryError, Outcome
from etl.release import CURRENT, MANIFEST, Manifest, OnFile, Release, ReleaseError, make_current, write
from etl.release.register import read_register, what_became_of, withdrawn


@dataclass(frozen=True)
class Standing:
    """The current release of a folder: its name, what can be opened of it, and its files that are not what was published.

    `id` is None when there has been none; `release`, when there is none or its manifest cannot be read.
    """

    id: str | None
    release: Release | None = None
    damaged: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What is wrong with it."""
        return f"la publicación vigente, {self.id}, está dañada en el disco: {', '.join(self.damaged)}"


def standing(destination: Path) -> Standing:
    """How the current release of `destination` is, every file of it read."""
    name = current_id(destination)
    if name is None:
        return Standing(None)
    try:
        release = Release.open(destination / CURRENT, whole=False)
    except ReleaseError:
        return Standing(name, None, (MANIFEST,))
    return Standing(name, release, release.files.damaged())


def current_id(destination: Path) -> str | None:
    """The name of the current release of `destination`, even if it is damaged."""
    link = destination / CURRENT
    return link.readlink().name if link.is_symlink() else None


def publish_release(
    release_id: str,
    files: Mapping[str, bytes],
    manifest: Manifest,
    destination: Path,
    history: History,
    action: Action,
    accepted: bool = False,
    on_file: OnFile = lambda size: None,
) -> Release:
    """Write the release and make it current, recorded in `history`; only while holding `etl.release.only_one`.

    ReleaseError if what earlier ones published is lost or changed, or is not what `manifest` says there was before.
    """
    _check_not_withdrawn(release_id, destination)
    check_nothing_changed(release_id, manifest, destination)
    entry = history.begin(action, release_id, current_id(destination), manifest, accepted)
    try:
        write(release_id, files, destination, on_file)
        release = make_current(release_id, destination)
    except ReleaseError:
        with suppress(HistoryError):  # what stopped the change comes first; the next operation closes it
            history.close(entry, Outcome.INTERRUPTED)
        raise
    _close(history, entry)
    return release


def withdraw(release_id: str, motive: str, destination: Path, history: History) -> None:
    """Write down that an older release is served no more, and why; its files stay, because what was published stays known.

    ReleaseError if it is the current one, or there was never one called so.
    """
    if release_id == current_id(destination):
        raise ReleaseError(
            f"{release_id} es la publicación vigente: publique otra o vuelva a una anterior («rollback») y repita"
        )
    if release_id in withdrawn(destination):
        raise ReleaseError(f"la publicación {release_id} ya está retirada")
    entry = history.begin(
        Action.WITHDRAW, release_id, current_id(destination), _manifest(release_id, destination), False, motive
    )
    _close(history, entry)


def restore(release_id: str, destination: Path, history: History) -> None:
    """Write down that a release that was withdrawn by mistake is served again. ReleaseError if it is not one, or not there."""
    if release_id not in withdrawn(destination):
        raise ReleaseError(f"la publicación {release_id} no está retirada")
    release = Release.open(destination / release_id)
    _close(history, history.begin(Action.RESTORE, release_id, current_id(destination), release.manifest, False))


def _manifest(release_id: str, destination: Path) -> Manifest:
    """The manifest of a release that is there or, of one that was there, an empty one; ReleaseError if there was none."""
    try:
        return Release.open(destination / release_id, whole=False).manifest
    except ReleaseError:
        if release_id not in read_register(destination):
            raise ReleaseError(f"nunca se publicó aquí una llamada {release_id}") from None
    nothing: Manifest = {
        "publicacion": release_id, "version_codigo": "", "datasets": [], "archivos": [], "entradas": [], "advertencias": []
    }  # fmt: skip
    return nothing


def _close(history: History, entry: int) -> None:
    """The change is made: if it cannot be closed (a full disk), the next operation sees what is current and does it."""
    with suppress(HistoryError):
        history.close(entry, Outcome.DONE)


def _check_not_withdrawn(release_id: str, destination: Path) -> None:
    """ReleaseError if a release with that content was withdrawn: nothing that was taken back comes back by accident."""
    known = read_register(destination).get(release_id)
    if known is not None and "retirada" in known:
        raise ReleaseError(
            f"{what_became_of(known)}. Para servirla de nuevo: python -m etl retirar {release_id} --devolver"
        )


def return_to(release_id: str, destination: Path, history: History) -> Release:
    """Make an older release current again, recorded in `history`; ReleaseError if it is missing or any byte differs."""
    _check_not_withdrawn(release_id, destination)
    release = Release.open(destination / release_id)
    if damaged := release.damaged_files():
        raise ReleaseError(f"la publicación {release_id} está dañada: {', '.join(damaged)}")
    entry = history.begin(Action.ROLLBACK, release_id, current_id(destination), release.manifest, False)
    try:
        release = make_current(release_id, destination)
    except ReleaseError:
        with suppress(HistoryError):
            history.close(entry, Outcome.INTERRUPTED)
        raise
    _close(history, entry)
    return release
