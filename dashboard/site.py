"""One release being served: its figures, its shapes and its names, loaded once and shared by every request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from dashboard.address.found_places import FoundPlaces
from dashboard.address.parameters import Question
from dashboard.address.vocabulary import Offer, Territories
from dashboard.figures.around import Geography, geography
from dashboard.figures.measures import Unaskable
from dashboard.figures.queries import Data
from dashboard.figures.used import note_tables
from dashboard.indicators.offers import offer
from dashboard.view import Answer, answer, today
from dashboard.views import VIEWS
from etl.release import Release
from etl.release.preview import Preview

#: Some weigh a hundred kilobytes, and what is asked again is a page that is already written.
CACHED_ANSWERS = 160
#: Of the views whose answers have thousands of cells.
LARGE_ANSWERS = 24
#: The shapes of the United States.
STATES_FILE = "mapa_eeuu.json"


class Site:
    """Everything the pages need of one release."""

    def __init__(self, release: Release, preview: Preview | None = None) -> None:
        self.release, self.preview = release, preview
        self.data = Data(release)
        # A release never changes, so neither does an answer: each is computed once, or once a day if it depends on the day.
        self._answers = lru_cache(CACHED_ANSWERS)(self._answer)
        self._large_answers = lru_cache(LARGE_ANSWERS)(self._answer)
        self.shapes = lru_cache(32)(self._shapes)
        self.geography = lru_cache(2)(self._geography)
        #: The pages that depend on nothing but the release, once built, by (path, accessible): see pages.model.Page.
        self.fixed_screens: dict[tuple[str, bool], Any] = {}

    def answer(self, view: str, selection: Question) -> Answer:
        """The answer of the view called `view`; KeyError if there is none, Unaskable for what the release lacks."""
        declared = VIEWS[view]
        asked = self._large_answers if declared.large else self._answers
        found = asked(view, declared.part(selection), today() if declared.dated else None)
        if isinstance(found, str):
            raise Unaskable(found)
        note_tables(found.tables)
        return found

    def _answer(self, view: str, part: Question, day: date | None) -> Answer | str:
        """The answer, or why there is none: a page may ask for it several times."""
        try:
            return answer(VIEWS[view], self.data, part)
        except Unaskable as lacking:
            return str(lacking)

    def offer(self, topic: str) -> Offer:
        """What an address may ask about a topic in this release."""
        return offer(self.data, topic)

    def _shapes(self, departamento: str | None) -> Mapping[str, Any]:
        """The map's shapes: the whole country, or one departamento in finer detail."""
        name = map_file(departamento)
        if all(item["nombre"] != name for item in self.release.manifest["archivos"]):
            raise Unaskable("esta publicación no trae los límites del mapa")
        shapes: Mapping[str, Any] = json.loads(self.release.path(name).read_bytes())
        return shapes

    def _geography(self, layer: str) -> Geography | None:
        """Where the places of a layer of the country's map are; None when the release has no boundaries."""
        try:
            return geography(self.shapes(None)[layer])
        except Unaskable:
            return None

    @property
    def states_shapes(self) -> Mapping[str, Any]:
        """The shapes of the United States. Unaskable if the release has none."""
        if all(item["nombre"] != STATES_FILE for item in self.release.manifest["archivos"]):
            raise Unaskable("esta publicación no trae los límites de los Estados Unidos")
        return self.data.states_map

    @property
    def territories(self) -> Territories:
        """Names of municipios and departamentos."""
        return self.data.territories

    @cached_property
    def found_places(self) -> FoundPlaces:
        """The places of the release, to be found by what people type."""
        return FoundPlaces(self.territories)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name by code, of municipios and departamentos."""
        return {**self.territories.municipios, **self.territories.departamentos}

    @cached_property
    def places(self) -> bytes:
        """What the search box and the map need to know of places, JSON: {code: [name, level, what contains it]}, and after
        them what people call it.
        """
        table = {
            code: [
                name,
                self.territories.level(code),
                self.territories.parent(code),
                *self.found_places.nicknames.get(code, ()),
            ]
            for code, name in self.names.items()
        }
        return json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()

    def file_url(self, name: str) -> str:
        """The address of a file of this release, the same for ever."""
        return f"/descargas/{self.release.id}/{name}"

    @property
    def places_url(self) -> str:
        """The address of `places`."""
        return f"/lugares/{self.release.id}.json"


def map_file(departamento: str | None) -> str:
    """The file of the release that holds the shapes of the country or of one departamento."""
    return f"mapa_{departamento}.json" if departamento else "mapa_nacional.json"
