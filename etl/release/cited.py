"""How what is published is cited: the same words on a page, in a file, in a catalogue and in a reference manager."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

#: Who publishes it, as an author.
AUTHOR = "Padrón Abierto"
#: What BibTeX would read otherwise.
SPECIAL = re.compile(r"[#$%&_{}~^\\]")
AS_BIBTEX = {"~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}"}


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
    return f"{AUTHOR}, «{title}»{f', publicación {release}' if release else ''}, {terms}. {sources_said(sources)}."


def sources_said(sources: Iterable[Cited]) -> str:
    """Where it comes from: «Fuente: …», each source once."""
    return f"Fuente: {'; '.join(map(str, dict.fromkeys(sources)))}"


@dataclass(frozen=True)
class Reference:
    """A table of a release as a work that is cited: its title, its sources, its licence, its `address` for ever, and the day that
    it was looked at; None where that is not said, since what it leads to never changes.
    """

    name: str
    title: str
    sources: tuple[Cited, ...]
    terms: str
    release: str
    address: str
    accessed: date | None

    @property
    def year(self) -> int:
        """The year of its release, which its name says."""
        found = re.search("[0-9]{4}", self.release)
        return int(found[0]) if found else 0

    @property
    def key(self) -> str:
        """What a reference manager calls it."""
        return re.sub(r"\W+", "_", f"padron_abierto_{self.name}_{self.release}")

    def apa(self, day: str) -> str:
        """In APA style (7th edition), with the day that it was looked at in words, if it has one."""
        seen = f"Recuperado el {day}, de {self.address}" if day else self.address
        return (
            f"{AUTHOR}. ({self.year}). {self.title} (publicación {self.release}) [Conjunto de datos]. {self.terms}. "
            f"{sources_said(self.sources)}. {seen}"
        )

    @property
    def bibtex(self) -> str:
        """As an entry of BibTeX, in UTF-8."""
        told = {
            "author": f"{{{AUTHOR}}}",
            "title": f"{{{_bibtex(self.title)}}}",
            "year": str(self.year),
            "version": self.release,
            "publisher": AUTHOR,
            "howpublished": "Conjunto de datos",
            "url": self.address,
            **({"urldate": self.accessed.isoformat()} if self.accessed else {}),
            "note": f"{_bibtex(sources_said(self.sources))}. Licencia: {self.terms}",
        }
        return f"@misc{{{self.key},\n" + ",\n".join(f"  {name} = {{{text}}}" for name, text in told.items()) + "\n}"

    @property
    def csl(self) -> str:
        """As CSL-JSON, which Zotero and Pandoc read."""
        day = self.accessed
        told = {
            "id": self.key,
            "type": "dataset",
            "title": self.title,
            "author": [{"literal": AUTHOR}],
            "publisher": AUTHOR,
            "version": self.release,
            "issued": {"date-parts": [[self.year]]},
            **({"accessed": {"date-parts": [[day.year, day.month, day.day]]}} if day else {}),
            "URL": self.address,
            "license": self.terms,
            "note": f"{sources_said(self.sources)}.",
            "language": "es",
        }
        return json.dumps([told], ensure_ascii=False, indent=1)


def _bibtex(text: str) -> str:
    return SPECIAL.sub(lambda found: AS_BIBTEX.get(found[0], f"\\{found[0]}"), text)
