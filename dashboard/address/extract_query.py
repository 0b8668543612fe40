"""From the query of an address to what it asks of a table, or every reason why it cannot be asked. Nothing is guessed: a program
never gets the answer to another question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from dashboard.address.extract_sums import grouped
from dashboard.address.extracts import (
    COLUMNS,
    DEPARTAMENTO,
    EMPTY,
    FILLED,
    FROM,
    GROUP,
    LONGEST,
    MOST_GROUPED,
    MOST_PAGE,
    MOST_VALUES,
    MUNICIPIO,
    OF_ANY_TABLE,
    ORDER,
    PAGE,
    PLACE,
    SUM,
    SYNTHETIC,
    Condition,
    Extract,
    Filter,
    Offered,
)
from etl.country import COUNTRY
from etl.model import TOTAL, Field, Kind

#: The largest whole number of a column.
MOST_WHOLE = 2**63 - 1
FLAGS = {"si": True, "sí": True, "true": True, "no": False, "false": False}
#: Text that can be shown: without controls, marks that nobody sees, or spaces of any other kind. As JSON Schema writes it too.
TEXT = (
    r"[^\x00-\x1f\x7f-\xa0\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u1680\u180e\u2000-\u200f\u2028-\u202f"
    rf"\u205f-\u206f\u3000\ue000-\uf8ff\ufeff\ufff0-\ufffb\ufffe\uffff]{{1,{LONGEST}}}"
)
Query = Mapping[str, Sequence[str]]


class Unreadable(ValueError):
    """An address that asks what a table cannot answer: every reason."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(" ".join(self.reasons))


def extract_of(offered: Offered, query: Query) -> Extract:
    """What `query` (the values of each parameter, as they came) asks of a table; Unreadable when it cannot be asked."""
    reading = _Reading(offered, query)
    found = reading.extract()
    if reading.reasons:
        raise Unreadable(reading.reasons)
    return found


class _Reading:
    """One query being read: what it asks, and what is wrong with it."""

    def __init__(self, offered: Offered, query: Query) -> None:
        self.offered, self.query = offered, query
        self.reasons: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def extract(self) -> Extract:
        """What is asked, as far as it can be read."""
        known = {*self.offered.filters, *OF_ANY_TABLE}
        for name in self.query:
            if name not in known:
                self.reasons.append(f"«{name[:40]}» no es un parámetro de esta tabla.")
        conditions = [found for item in self.offered.filters.values() for found in self._conditions(item)]
        conditions += self._filled()
        by = self._names(GROUP, self.offered.every, MOST_GROUPED)
        sums = self._names(SUM, {**self.offered.columns, "filas": None})
        columns = self._names(COLUMNS, self.offered.columns)
        mark = (SYNTHETIC,) if SYNTHETIC in self.offered.columns else ()
        if by and columns:
            self.reasons.append(f"{COLUMNS} y {GROUP} no se piden a la vez: un grupo tiene sus columnas y sus sumas.")
        if sums and not by:
            self.reasons.append(f"{SUM} se pide con {GROUP}, que dice por qué columnas.")
        shown = tuple(dict.fromkeys((*columns, *mark))) if columns else tuple(self.offered.columns)
        made = Extract(self.offered.table.name, shown, tuple(conditions))
        if by:
            by = tuple(dict.fromkeys((*by, *mark)))
            made, reasons = grouped(self.offered, made, by, sums)
            self.reasons += reasons
        made = replace(made, order=self._order(made), limit=self._page())
        return replace(made, asked=tuple(self.asked))

    # --- Rows ----------------------------------------------------------------------------------------------------------

    def _conditions(self, item: Filter) -> list[Condition]:
        texts = self._texts(item.name, _separators(item, self.query.get(item.name, ())))
        if texts is None:
            return []
        if item.limit:
            value = self._typed(item.name, item.field, texts[0]) if self._one(item.name, texts) else None
            if value is None:
                return []
            low, high = (value, None) if item.limit == FROM else (None, value)
            return [Condition(item.field.name, least=low, most=high)]
        coded = [text for text in texts if item.code and _matches(item.code, text)]
        if item.code and len(coded) == len(texts):
            return self._coded(item, coded)
        if coded and item.code is not item.field:
            self.reasons.append(f"{item.name} no toma códigos y nombres a la vez.")
            return []
        values = tuple(self._typed(item.name, item.field, text) for text in texts)
        return [Condition(item.field.name, values)] if None not in values else []

    def _coded(self, item: Filter, codes: list[str]) -> list[Condition]:
        if item.name != PLACE:
            assert item.code
            return [Condition(item.code.name, tuple(codes))]
        long = [code for code in codes if re.fullmatch(COUNTRY.municipio_pattern, code)]
        if long and len(long) < len(codes):
            self.reasons.append(f"{PLACE} no toma departamentos y municipios a la vez.")
            return []
        if long:
            return [Condition(MUNICIPIO, tuple(codes))]
        whole = [Condition(MUNICIPIO, (TOTAL,))] if MUNICIPIO in self.offered.crossed else []
        return [Condition(DEPARTAMENTO, tuple(codes)), *whole]

    def _filled(self) -> list[Condition]:
        found = []
        for parameter, missing in ((EMPTY, True), (FILLED, False)):
            found += [Condition(name, missing=missing) for name in self._names(parameter, self.offered.columns)]
        return found

    # --- What is shown of them -----------------------------------------------------------------------------------------

    def _names(self, parameter: str, known: Mapping[str, object], most: int = MOST_VALUES) -> tuple[str, ...]:
        texts = self._texts(parameter, (",",), most=most)
        if texts is None:
            return ()
        found = tuple(texts)
        self._known(parameter, found, known)
        return tuple(name for name in found if name in known)

    def _known(self, parameter: str, names: Iterable[str], known: Mapping[str, object]) -> None:
        for name in names:
            if name not in known:
                self.reasons.append(f"No hay una columna «{name[:40]}» para {parameter}.")

    def _order(self, made: Extract) -> tuple[tuple[str, bool], ...]:
        texts = self._texts(ORDER, (",",))
        outcome = {item.name for item in self.offered.outcome(made)} if made.grouped else set(self.offered.columns)
        found = [(text.removeprefix("-"), text.startswith("-")) for text in texts or ()]
        self._known(ORDER, [name for name, _ in found], dict.fromkeys(outcome))
        last = made.by if made.grouped else self.offered.table.key
        taken = {name for name, _ in found}
        if not found and not made.grouped:
            return ()  # as the file has them, which is by the key
        return (*found, *((name, False) for name in last if name not in taken))

    def _page(self) -> int | None:
        texts = self._texts(PAGE, (), said=False)
        if texts is None or not self._one(PAGE, texts):
            return None
        if not (texts[0].isascii() and texts[0].isdigit() and 1 <= int(texts[0][:9]) <= MOST_PAGE):
            self.reasons.append(f"{PAGE} es un número de 1 a {MOST_PAGE}.")
            return None
        return int(texts[0])

    # --- Values --------------------------------------------------------------------------------------------------------

    def _texts(
        self, name: str, separators: Sequence[str], said: bool = True, most: int = MOST_VALUES
    ) -> list[str] | None:
        """The values of a parameter, each once, or None when it was not asked or has something that no value has."""
        if name not in self.query:
            return None
        given = list(self.query[name])
        found = [part for text in given for part in (text.split(",") if separators else [text])]
        if len(found) > most:
            self.reasons.append(f"{name} toma hasta {most} valores.")
            return None
        found = list(dict.fromkeys(text.strip() if separators else text for text in found))
        if any(not text for text in found):
            empty = f"{name} está vacío: no se pide, o se pide {EMPTY}={name} para las filas sin dato."
            self.reasons.append(empty if name in self.offered.columns else f"{name} está vacío.")
            return None
        if not all(re.fullmatch(TEXT, text) for text in found):
            self.reasons.append(f"{name} tiene un valor demasiado largo o con caracteres que no se pueden mostrar.")
            return None
        if said:
            self.asked += [(name, ",".join(found))] if separators else [(name, text) for text in found]
        return found

    def _one(self, name: str, texts: Sequence[str]) -> bool:
        if len(texts) > 1:
            self.reasons.append(f"{name} se pide una sola vez.")
        return len(texts) == 1

    def _typed(self, name: str, item: Field, text: str) -> object:
        """A value as the column has it, or None when it is none of that column, and why is noted."""
        found = READ[item.kind](item, text) if item.kind in READ else text
        if found is None:
            self.reasons.append(f"No hay «{text[:40]}» en {name}.")
        return found


def _separators(item: Filter, given: Sequence[str]) -> tuple[str, ...]:
    """What separates the values of a filter: nothing in a text, which may have commas of its own."""
    if item.limit:
        return ()
    if item.field.kind is not Kind.TEXTO:
        return (",",)
    parts = [part.strip() for text in given for part in text.split(",")]
    return (",",) if item.code and all(_matches(item.code, part) for part in parts) else ()


def _matches(item: Field, text: str) -> bool:
    return READ[item.kind](item, text) is not None


def _code(item: Field, text: str) -> object:
    return text if not item.pattern or re.fullmatch(item.pattern, text) else None


def _category(item: Field, text: str) -> object:
    return text if text in (item.labels or {}) else None


def _whole(item: Field, text: str) -> object:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 20):
        return None
    return int(text) if abs(int(text)) <= MOST_WHOLE else None


def _decimal(item: Field, text: str) -> object:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and text.isascii() and "_" not in text else None


def _day(item: Field, text: str) -> object:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None


def _flag(item: Field, text: str) -> object:
    return FLAGS.get(text.lower())


READ: Mapping[Kind, Callable[[Field, str], object]] = {
    Kind.CODIGO: _code,
    Kind.CATEGORIA: _category,
    Kind.ENTERO: _whole,
    Kind.DECIMAL: _decimal,
    Kind.FECHA: _day,
    Kind.BOOLEANO: _flag,
}
