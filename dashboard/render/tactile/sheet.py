"""What a sheet says of an answer, and its pages: the map, then its legend, and the key of its names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.kinds import mapa
from dashboard.kinds.classes import EMPTY, HIDDEN, NO_CLASS
from dashboard.render.tactile.flow import Block, Entry, Paragraph, Swatch, Title, pages_of
from dashboard.render.tactile.map_page import Drawn
from dashboard.render.tactile.marks import CONFIDENTIAL, NOBODY, UNKNOWN, Page
from dashboard.render.tactile.parts import maps
from dashboard.render.tactile.textures import CHOSEN, few
from dashboard.view import Answer
from dashboard.words import listing

#: What the places without figure are called in a page, by their class.
WITHOUT = {NO_CLASS: UNKNOWN, HIDDEN: CONFIDENTIAL, EMPTY: NOBODY}
UNTRIED = "Lámina hecha por un programa: todavía no la ha probado ninguna persona ciega. Díganos qué no se entiende."
TITLE, SOURCES = "{lugar}. {pregunta}", "Fuente: {fuentes}."
INVENTED = "Demostración: ninguna cifra es real."


@dataclass(frozen=True)
class Place:
    """A place of a sheet: its code, its name, its figure as it is written, and how it feels: a texture or, if it has no figure, a
    sign.
    """

    code: str
    name: str
    figure: str
    texture: int | None
    sign: str = ""


@dataclass(frozen=True)
class Told:
    """All that a sheet says, in words and in shapes: plain values, that other processes can be sent."""

    title: str
    sentences: tuple[str, ...]
    legend: tuple[tuple[int, str], ...]
    signs: tuple[tuple[str, str], ...]
    unit: str
    places: tuple[Place, ...]
    order: tuple[str, ...]
    shapes: Mapping[str, str]
    source: str
    release: str
    synthetic: bool

    @property
    def ranked(self) -> tuple[Place, ...]:
        """Its places in the order of the site: from the highest figure to the lowest, and those without any."""
        by_code = {place.code: place for place in self.places}
        return tuple(by_code[code] for code in self.order)


def told(answer: Answer, shapes: Mapping[str, Any], name: str) -> Told:
    """What the sheet of the answer of a map says. `shapes` are those of its places, by code (mapa_*.json); `name` is the
    territory.
    """
    facts: mapa.Facts = answer.facts
    classes = few(facts.classes)
    labels = classes.labels()
    feel = dict(zip((klass for klass, _ in labels), CHOSEN[len(labels)], strict=True))
    places = tuple(
        Place(
            place.code,
            place.name,
            place.text,
            None if place.value is None else feel[classes.of(place.value)],
            "" if place.value is not None else WITHOUT[place.klass],
        )
        for place in sorted(facts.places, key=lambda one: one.code)
    )
    return Told(
        title=TITLE.format(lugar=name, pregunta=answer.question),
        sentences=tuple(sentence.plain() for sentence in answer.sentences[:2]),
        legend=tuple((feel[klass], words) for klass, words in labels),
        signs=_signs(facts),
        unit=facts.indicator.unit.phrase,
        places=places,
        order=tuple(place.code for place in facts.places),
        shapes={place.code: shapes[place.code]["d"] for place in places},
        source=_source(answer),
        release=answer.release,
        synthetic=answer.synthetic,
    )


def _source(answer: Answer) -> str:
    """Who published the figures, and of when they are."""
    if answer.synthetic:
        return INVENTED
    source = "{editor}: {titulo} ({corte})"
    named = [source.format(editor=one.publisher, titulo=one.title, corte=one.cutoff_text) for one in answer.sources]
    return SOURCES.format(fuentes=listing(list(dict.fromkeys(named))))


def _signs(facts: mapa.Facts) -> tuple[tuple[str, str], ...]:
    """The signs of the places without figure that there are, with why they have none."""
    found = []
    for klass, sign in WITHOUT.items():
        reasons = listing(tuple(dict.fromkeys(place.text for place in facts.of_class(klass))))
        if reasons:
            found.append((sign, reasons))
    return tuple(found)


def pages(told: Told) -> tuple[Page, ...]:
    """The pages of a sheet: first, its map or maps."""
    drawn = Drawn(
        told.title,
        {place.code: told.shapes[place.code] for place in told.places},
        {},
        {place.code: place.texture for place in told.places if place.texture is not None},
        {place.code: place.sign for place in told.places if place.sign},
        INVENTED if told.synthetic else "",
    )
    found = maps(drawn, {place.code: place.name for place in told.places})
    return (*found.pages, *pages_of(told.title, _blocks(told, found.letters), len(found.pages) + 1))


def _blocks(told: Told, letters: Mapping[str, str]) -> list[Block]:
    """What the pages after the map say."""
    legend = "Leyenda: {unidad}" if told.unit else "Leyenda"
    found: list[Block] = [Title(legend.format(unidad=told.unit))]
    found += [Swatch(words, texture=texture) for texture, words in told.legend]
    found += [Swatch(words, sign=sign) for sign, words in told.signs]
    found += [Title("Clave de los nombres")]
    entry = "{nombre}: {cifra}"
    found += [
        Entry(place.code, letters[place.code], entry.format(nombre=place.name, cifra=place.figure))
        for place in sorted(told.places, key=lambda one: letters[one.code])
    ]
    found += [Title("Qué dice el mapa"), *map(Paragraph, told.sentences)]
    released = "Publicación {publicacion} de Padrón Abierto."
    found += [Paragraph(told.source), Paragraph(released.format(publicacion=told.release)), Paragraph(UNTRIED)]
    return found
