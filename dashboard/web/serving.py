"""The releases being served: the current one, replaced by a newer one without a stop, and older ones, by their links.

A request takes `current` once and keeps that Site until it ends, whatever is published meanwhile.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.site import Site
from etl.release import DATAPACKAGE, MANIFEST, NAME, DamagedError, Release, ReleaseError
from etl.release.preview import Preview

#: Seconds between two looks at which release is current, and after one that could not be opened.
EVERY, AFTER_FAILURE = 1.0, 5.0
OLDER_SITES, OLDER_RELEASES = 2, 16
#: The folder that is current, and the number and the time of the link to it.
Mark = tuple[str, int, int]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Health:
    """How the site is: the release it serves, its files that are not what was published, and what is wrong, in words."""

    release: str
    damaged: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


class ServedReleases:
    """Opens the release at `release_path` and, when that path leads to another one, that other. Safe between threads."""

    def __init__(self, release_path: Path | str, preview: Preview | None = None) -> None:
        self._path, self._preview = Path(release_path), preview
        self._site: Site | None = None
        self._reason = ""
        self._seen: Mark | None = None
        self._next_look = 0.0
        self._opening = Lock()
        self._prepare: Callable[[Site], None] = _nothing_more
        self._older = lru_cache(OLDER_SITES)(self._open_older)
        self._kept = lru_cache(OLDER_RELEASES)(self._open_release)
        with self._opening:
            self._open()

    def prepare(self, work: Callable[[Site], None]) -> None:
        """Do `work` with the release that is served, and from now on with each one before it is served."""
        self._prepare = work
        if self._site is not None:
            work(self._site)

    @property
    def current(self) -> Site:
        """The site of the current release; ReleaseError when there has been none to open."""
        if self._site is None:
            raise ReleaseError(self._reason)
        return self._site

    def unavailable(self) -> str | None:
        """Why nothing can be served, or None. Looks, at most once a second, whether there is another release."""
        self._look()
        return self._reason if self._site is None else None

    def health(self) -> Health:
        """Looks at every file of the release that is served; ReleaseError when there is none.

        What has not changed on the disk since it was hashed is not hashed again.
        """
        release = self.current.release
        reasons = [self._reason] if self._reason else []
        damaged = release.files.damaged()
        if not release.root.is_dir():
            reasons.append(f"la carpeta de la publicación {release.id} ya no está en el disco")
        elif damaged:
            reasons.append(f"la publicación {release.id} está dañada: {', '.join(damaged)}")
        return Health(release.id, damaged, tuple(reasons))

    def release(self, release_id: str) -> Release:
        """The release called `release_id`, current or older; ReleaseError if there is none."""
        current = self.current.release
        if release_id == current.id:
            return current
        release = self._kept(release_id)
        if not release.root.is_dir():
            raise ReleaseError(f"ya no está la publicación {release_id}")
        return release

    def _open_release(self, release_id: str) -> Release:
        if not NAME.fullmatch(release_id):
            raise ReleaseError(f"no hay ninguna publicación llamada {release_id[:40]}")
        return Release.open(self.current.release.root.parent / release_id, whole=False)

    def of(self, release_id: str) -> Site:
        """The site of the release called `release_id`, current or older; ReleaseError if there is none."""
        site = self.current
        return site if release_id == site.release.id else self._older(release_id)

    def _open_older(self, release_id: str) -> Site:
        return Site(self.release(release_id))

    def _look(self) -> None:
        now = monotonic()
        if now < self._next_look:
            return
        self._next_look = now + EVERY
        if self._mark() != self._seen and self._opening.acquire(blocking=False):
            Thread(target=self._open_behind, name="nueva-publicacion", daemon=True).start()

    def _mark(self) -> Mark | None:
        """What changes when another release, or the same one repaired, becomes current; None when there is none."""
        try:
            link = os.lstat(self._path)
        except OSError:
            return None
        return os.path.realpath(self._path), link.st_ino, link.st_mtime_ns

    def _open_behind(self) -> None:
        try:
            self._open()
        finally:
            self._opening.release()

    def _open(self) -> None:
        """Open whatever is current and, only once it is ready, serve it; with any fault, serve what there was."""
        mark = self._mark()
        try:
            site = self._opened(Release.open(self._path, whole=False))
        except Exception as error:  # a release that cannot be served, for whatever reason, never stops the one that can
            self._reason = str(error) if isinstance(error, ReleaseError) else "la publicación no se puede abrir"
            if self._site is not None:
                log.warning("se sigue sirviendo %s: %s", self._site.release.id, error)
            self._seen, self._next_look = None, monotonic() + AFTER_FAILURE
        else:
            replaced = self._site not in (None, site)
            self._seen, self._site, self._reason = mark, site, ""
            if replaced:
                throw_away()

    def _opened(self, release: Release) -> Site:
        """The site of `release`. With a file damaged, it is served only where there is nothing whole to serve instead."""
        if self._site is not None and self._site.release.root == release.root:
            return self._site
        damaged = [name for name in release.files.damaged() if name not in (MANIFEST, DATAPACKAGE)]
        if self._site is not None and damaged:
            raise ReleaseError(f"la publicación {release.id} está dañada: {', '.join(damaged)}")
        site = Site(release, self._preview)
        with suppress(DamagedError):
            _ = site.places  # asked by every page: the first visitor does not wait for it
        self._prepare(site)
        return site


def _nothing_more(site: Site) -> None:
    """What is done with a release before it is served when nobody asked for anything."""


def throw_away() -> None:
    """Free what the release that was replaced leaves: whoever started the process set it apart from the searches for garbage,
    with everything that was to live as long as the process.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class OnlyWithRelease:
    """ASGI middleware: while there is no release to serve, every address answers 503 and why."""

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = self.served.unavailable() if scope["type"] == "http" else None
        if reason is None:
            await self.app(scope, receive, send)
            return
        body = {"estado": "sin publicación", "motivo": reason}
        await JSONResponse(body, 503, headers={"Retry-After": "30"})(scope, receive, send)
