"""The releases being served: the current one, replaced by a newer one without a stop, and older ones, by their links.

A request takes `current` once and keeps that Site until it ends, whatever is published meanwhile.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.pages.model import NothingHere
from dashboard.site import Site
from dashboard.web.garbage import throw_away
from dashboard.web.health import Examined, Health
from dashboard.web.problems import problem, reads_problems
from dashboard.web.waiting import LATER, empty
from dashboard.web.watch import Rereading, watch
from etl.release import MANIFEST, NAME, DamagedError, Release, ReleaseError
from etl.release.older import leads_to, whole_before
from etl.release.preview import Preview
from etl.release.register import REGISTER, Listed, WithdrawnError, read_register

#: Seconds after a release that could not be opened until the next attempt.
AFTER_FAILURE = 5.0
OLDER_SITES, OLDER_RELEASES = 2, 16
#: The folder that is current, and the number and the time of the link to it.
Mark = tuple[str, int, int]

log = logging.getLogger(__name__)


class NotServed(ReleaseError):
    """A release that is not served: its name («» when it says none), the files that it is for, and what is wrong."""

    def __init__(self, release_id: str, damaged: tuple[str, ...], words: str) -> None:
        self.release_id, self.damaged = release_id, damaged
        super().__init__(words)


@contextmanager
def _nothing_here() -> Iterator[None]:
    """Say as NothingHere that there is no release called so."""
    try:
        yield
    except (DamagedError, WithdrawnError):
        raise
    except ReleaseError as error:
        raise NothingHere(f"{str(error)[:1].upper()}{str(error)[1:]}.") from None


class ServedReleases:
    """Opens the release at `release_path` and, when that path leads to another one, that other. Safe between threads.

    Every file of a release is hashed before it is served, and looked after since then, in a thread of its own: no request waits
    for the disk. One with a damaged file is not served while there is a whole one to serve: the one that was being served or,
    when the process begins, the newest older one of its folder. Where there is none, what does not need the file is served.
    """

    def __init__(self, release_path: Path | str, preview: Preview | None = None) -> None:
        self._path, self._preview = Path(release_path), preview
        self._site: Site | None = None
        self._examined: Examined | None = None
        self._health: Health | None = None
        self._reason, self._refused = "", NotServed("", (), "")
        self._tried: Release | None = None
        self._seen: Mark | None = None
        self._next_attempt = 0.0
        self._rereading = Rereading()
        self._register: Mapping[str, Listed] = {}
        self._register_mark = 0
        self._looking = Lock()
        self._prepare: Callable[[Site], None] = _nothing_more
        self._older = lru_cache(OLDER_SITES)(self._open_older)
        self._kept = lru_cache(OLDER_RELEASES)(self._open_release)
        with self._looking:
            self._open()
            if self._site is not None:
                self._read_register(self._site.release.root.parent)
        watch(self)

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
        """Why nothing can be served, or None."""
        return self._reason if self._site is None else None

    def health(self) -> Health:
        """How it was the last time that somebody looked, a second ago at most; ReleaseError when nothing can be served.

        Answers from memory.
        """
        if self._health is None:
            raise ReleaseError(self._reason)
        return self._health

    def release(self, release_id: str) -> Release:
        """The release called `release_id`, current or older; ReleaseError if there is none, WithdrawnError if it was there and
        is not served any more.
        """
        current = self.current.release
        if release_id == current.id:
            return current
        listed = self._register.get(release_id)
        if listed is not None and "retirada" in listed:
            raise WithdrawnError(listed)
        try:
            release = self._kept(release_id)
        except DamagedError:
            raise
        except ReleaseError:
            if listed is not None:
                raise WithdrawnError(listed) from None
            raise
        if not release.root.is_dir():
            raise WithdrawnError(listed) if listed else ReleaseError(f"ya no está la publicación {release_id}")
        return release

    def serves(self, release_id: str) -> bool:
        """Whether the release called `release_id` is not one that was withdrawn, as far as is known. Answers from memory."""
        return "retirada" not in self._register.get(release_id, {})

    def _open_release(self, release_id: str) -> Release:
        if not NAME.fullmatch(release_id):
            raise ReleaseError(f"no hay ninguna publicación llamada {release_id[:40]}")
        release = Release.open(self.current.release.root.parent / release_id, whole=False)
        if damaged := release.files.damaged_catalogues():
            raise DamagedError(release_id, damaged[0])
        return release

    def of(self, release_id: str) -> Site:
        """The site of the release called `release_id`, current or older; ReleaseError if there is none."""
        site = self.current
        if release_id == site.release.id:
            return site
        self.release(release_id)
        return self._older(release_id)

    def named(self, release_id: str) -> Site:
        """The site of the release that an address names, or of the current one if it names none. NothingHere if there is none
        called so, WithdrawnError if it is not served any more.
        """
        with _nothing_here():
            return self.of(release_id) if release_id else self.current

    def release_named(self, release_id: str) -> Release:
        """The release itself, as `named` gives its site."""
        with _nothing_here():
            return self.release(release_id) if release_id else self.current.release

    def _open_older(self, release_id: str) -> Site:
        return Site(self.release(release_id))

    # --- What is done in the thread that looks ------------------------------------------------------------------------

    def look(self) -> None:
        """Open what has become current, and see whether what is served is still what was published."""
        with self._looking:
            if self._mark() != self._seen and monotonic() >= self._next_attempt:
                self._open()
            if self._site is not None:
                self._read_register(self._site.release.root.parent)
                self._rereading.step(self._site.release.files)
                self._health = self._examine(self._site)

    def _read_register(self, folder: Path) -> None:
        """Know which releases there have been, when the list is another; one that cannot be read changes nothing."""
        with suppress(OSError, ReleaseError):
            mark = os.stat(folder / REGISTER).st_mtime_ns
            if mark != self._register_mark:
                self._register, self._register_mark = read_register(folder), mark

    def _examine(self, site: Site) -> Health:
        if self._examined is None or self._examined.release is not site.release:
            self._examined = Examined(site.release)
        before, now = self._health, self._examined.health(self._reason, self._refused.release_id, self._refused.damaged)
        if now.reasons and (before is None or before.reasons != now.reasons):
            log.warning("publicación degradada: %s", "; ".join(now.reasons))
        self._examined.look_for_pages()
        return now

    def _mark(self) -> Mark | None:
        """What changes when another release, or the same one repaired, becomes current; None when there is none."""
        try:
            link = os.lstat(self._path)
        except OSError:
            return None
        return os.path.realpath(self._path), link.st_ino, link.st_mtime_ns

    def _open(self) -> None:
        """Open whatever is current and, only once it is ready, serve it; with any fault, serve what there is that is whole."""
        mark = self._mark()
        try:
            site = self._opened(self._found())
            self._seen, self._reason, self._refused = mark, "", NotServed("", (), "")
            self._serve(site)
        except Exception as error:  # a release that cannot be served, for whatever reason, never stops the one that can
            self._seen, self._next_attempt = None, monotonic() + AFTER_FAILURE
            self._reason = str(error) if isinstance(error, ReleaseError) else "la publicación no se puede abrir"
            self._refused = error if isinstance(error, NotServed) else NotServed(leads_to(self._path), (), self._reason)
            if self._site is None:
                self._serve_older()
            if self._site is not None:
                log.warning("se sigue sirviendo %s: %s", self._site.release.id, error)

    def _serve_older(self) -> None:
        """Serve the whole release before the one that cannot be served, if there is one and nothing is wrong with it."""
        older = self._whole_before()
        if older is None:
            return
        why = self._reason
        try:
            self._reason = f"{why}; se sirve {older.id}, la anterior que está entera"
            self._serve(Site(older))
        except Exception:
            self._reason = why
            log.exception("tampoco se puede servir %s", older.id)

    def _found(self) -> Release:
        """The current release; the same object while it is the same, with what is known of its files. NotServed."""
        try:
            release = Release.open(self._path, whole=False)
        except ReleaseError as error:
            there = self._path.is_dir()
            raise NotServed(leads_to(self._path), (MANIFEST,) if there else (), str(error)) from None
        known = self._tried
        if known is None or (known.root, known.sha256) != (release.root, release.sha256):
            known = self._tried = release
        return known

    def _opened(self, release: Release) -> Site:
        """The site of `release`, every file of it hashed. NotServed when a file is damaged and there is a whole release to serve
        instead, or when what the release says of itself cannot be believed.
        """
        if self._site is not None and self._site.release.root == release.root:
            return self._site
        self._check(release)
        site = Site(release, self._preview)
        with suppress(DamagedError):
            _ = site.places  # asked by every page: the first visitor does not wait for it
        self._check(release)  # what was read is what was hashed
        return site

    def _check(self, release: Release) -> None:
        if not NAME.fullmatch(release.id):
            words = (
                f"la publicación de {self._path} está dañada: el nombre que dice su {MANIFEST} no es de una publicación"
            )
            raise NotServed(leads_to(self._path), (MANIFEST,), words)
        unsafe = release.files.damaged_catalogues()
        damaged = unsafe or release.files.damaged()
        instead = damaged and (self._site is not None or self._whole_before() is not None)
        if unsafe or instead:
            raise NotServed(release.id, damaged, f"la publicación {release.id} está dañada: {', '.join(damaged)}")

    def _whole_before(self) -> Release | None:
        """The newest whole release before the current one; a preview has none before it."""
        return None if self._preview else whole_before(self._path)

    def _serve(self, site: Site) -> None:
        replaced = self._site not in (None, site)
        if site is not self._site:
            self._prepare(site)
        health = self._examine(site)
        # In this order: what /salud names is what visitors get already, whoever asks between the two lines.
        self._site = site
        self._health = health
        if replaced:
            throw_away()


def _nothing_more(site: Site) -> None:
    """What is done with a release before it is served when nobody asked for anything."""


class OnlyWithRelease:
    """ASGI middleware: while there is no release to serve, every address answers 503: why to programs, and a page to people."""

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        reason = self.served.unavailable() if scope["type"] == "http" else None
        if reason is None:
            await self.app(scope, receive, send)
            return
        found: Response
        if reads_problems(scope, unless_asked_for_pages=True):
            found = problem(503, "No hay una publicación que servir", reason, estado="sin publicación", motivo=reason)
            found.headers["Retry-After"] = LATER
        else:
            page = empty(scope["path"])
            found = Response(page.body, page.status, page.told)
        await found(scope, receive, send)
