"""How the site is, as /salud tells it: found out by who looks after the release, never by who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Thread

from dashboard.web.needs import pages_needing
from etl.release import CATALOGUES, Release

Told = dict[str, str | list[str] | dict[str, list[str]]]


@dataclass(frozen=True)
class Health:
    """How the site is: the release that it serves, its fingerprint, and what is wrong, in words; nothing when all is well.

    `current` is the release that is current when it is another one, which cannot be served. `damaged` are the files that are
    not what was published, of the release that should be served; `pages`, the addresses that need each, once it is known.
    """

    release: str
    fingerprint: str = ""
    damaged: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    pages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    current: str = ""

    def told(self) -> Told:
        """The same for programs, in Spanish."""
        told: Told = {"estado": "degradado" if self.reasons else "bien", "publicacion": self.release}
        if self.fingerprint:
            told["huella"] = self.fingerprint
        if self.reasons:
            told |= {"motivo": "; ".join(self.reasons), "danados": list(self.damaged)}
        if self.current:
            told["vigente"] = self.current
        if self.pages:
            told["paginas"] = {name: list(pages) for name, pages in self.pages.items()}
        return told


class Examined:
    """What is wrong with a release that is served. Which pages need its damaged files is looked for apart: it takes seconds."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._looked_for: tuple[str, ...] = ()
        self._pages: Mapping[str, tuple[str, ...]] = {}

    def health(self, reason: str, current: str, refused: tuple[str, ...]) -> Health:
        """How it is now. `reason` is why `current` is not served, and `refused` its damaged files."""
        files = self.release.files
        damaged = files.damaged()
        reasons = [reason] if reason else []
        if not self.release.root.is_dir():
            reasons.append(f"la carpeta de la publicación {self.release.id} ya no está en el disco")
        elif damaged:
            reasons.append(f"la publicación {self.release.id} está dañada: {', '.join(damaged)}")
        pages = {name: found for name, found in self._pages.items() if name in damaged}
        other = current if current != self.release.id else ""
        return Health(self.release.id, files.fingerprint, damaged or refused, tuple(reasons), pages, other)

    def look_for_pages(self) -> None:
        """Begin to look for the pages that need the damaged files, if they are not the ones of the last time."""
        damaged = tuple(name for name in self.release.files.damaged() if name not in CATALOGUES)
        if damaged and damaged != self._looked_for and self.release.root.is_dir():
            self._looked_for = damaged
            Thread(target=self._look, args=(damaged,), name="paginas-danadas", daemon=True).start()

    def _look(self, damaged: tuple[str, ...]) -> None:
        self._pages = pages_needing(self.release, damaged)
