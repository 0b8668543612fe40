"""How what is published is cited: the same words on a page, in a file and in a catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Cited(NamedTuple):
    """What is said of a source when it is cited; `transcriber` is who copied it by hand, when that is a third party."""

    publisher: str
    title: str
    when: str
    transcriber: str | None = None

    def __str__(self) -> str:
        by = f"; transcripción de un tercero: {self.transcriber}" if self.transcriber else ""
        return f"{self.publisher}, «{self.title}» ({self.when}{by})"


def citation(title: str, sources: Iterable[Cited], terms: str, release: str = "") -> str:
    """How to cite what is called `title`; `terms` is its licence, and `release`, the publication it was taken from."""
    named = "; ".join(map(str, dict.fromkeys(sources)))
    return f"Padrón Abierto, «{title}»{f', publicación {release}' if release else ''}, {terms}. Fuente: {named}."
