"""Reusable electoral checks: each function here returns a Check bound to an input (or table) and its columns.

A check gets the frames of a dataset by name (its inputs, its tables and those it needs) and returns one Problem per fact
that does not hold, with the row a person must look at: the pipeline turns the name of an input into that of its file.
Missing values (bad cells already reported) are left out of a comparison, so one mistake gives one message. All amounts
are counts of people unless said.

doubtful  what a source has in doubt is not a figure
rolls     the rolls closed for elections
votes     the votes of each municipio, election and office
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from etl.country import COUNTRY, departamento_codes, departamento_of, fold, is_municipio
from etl.model import DELIVERED, Check, Frames, Given, Problem


def rows_of(frame: pd.DataFrame) -> Iterator[Any]:
    """The rows of `frame`, each with its columns as attributes and its label as `Index`.

    What type each attribute is, its table declares: a checker of types cannot know.
    """
    return frame.itertuples()


def parts_add(entry: str, total: str, parts: Sequence[str], tolerance: float = 0) -> Check:
    """In every row of `entry`, `parts` add up to `total` (within `tolerance`, for sources that round)."""

    def check(frames: Frames) -> list[Problem]:
        frame = frames[entry]
        sums = frame[list(parts)].sum(axis=1, skipna=False).round(6)
        wrong = ((sums - frame[total]).abs() > tolerance).fillna(False)
        shown = " + ".join(parts) if len(parts) <= 3 else f"{parts[0]} + … + {parts[-1]}"
        return [
            Problem(entry, row, total, str(frame.at[row, total]), f"la suma no cuadra: {shown} = {sums.at[row]}")
            for row in frame.index[wrong]
        ]

    return check


def at_most(entry: str, part: str, whole: str) -> Check:
    """In every row of `entry`, `part` is not greater than `whole`."""

    def check(frames: Frames) -> list[Problem]:
        frame = frames[entry]
        wrong = (frame[part] > frame[whole]).fillna(False)
        return [
            Problem(entry, row, part, str(frame.at[row, part]), f"es mayor que {whole} = {frame[whole].at[row]}")
            for row in frame.index[wrong]
        ]

    return check


def official_total(
    entry: str,
    columns: Sequence[str],
    name: str,
    rows: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> Check:
    """`columns` of the input `entry` add up to the official total `name` of its source; `rows` chooses what it covers.

    It holds delivery by delivery. Belongs among a dataset's `checks`: a total is worth comparing only when every row is
    right.
    """

    def of_delivery(given: Given, frame: pd.DataFrame, cutoff: date | None) -> list[Problem]:
        total = given.total(entry, name, cutoff)
        if total is None:
            whose = f"la fuente del corte {cutoff}" if cutoff else "su fuente"
            message = f"{whose} no declara este total oficial: agréguelo en fuente.toml"
            return [Problem(entry, None, None, name, message)]
        covered = frame[rows(frame)] if rows else frame
        found = int(covered[list(columns)].sum().sum())
        if found == total.value:
            return []
        message = (
            f"la suma no es el total oficial {total.value} ({total.citation}): diferencia {found - total.value:+d}"
        )
        return [Problem(entry, None, " + ".join(columns), str(found), message)]

    def check(given: Given) -> list[Problem]:
        return [problem for cutoff, frame in deliveries(given[entry]) for problem in of_delivery(given, frame, cutoff)]

    return check


def deliveries(frame: pd.DataFrame) -> list[tuple[date | None, pd.DataFrame]]:
    """The rows of each delivery with its cut-off, in order; one, without a cut-off, of an input that does not accumulate."""
    if DELIVERED not in frame:
        return [(None, frame)]
    return [(pd.Timestamp(str(day)).date(), rows) for day, rows in frame.groupby(DELIVERED)]


def newest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the newest delivery."""
    return deliveries(frame)[-1][1]


def codes_resolve(
    entry: str, codes: Callable[[pd.DataFrame], pd.Series], column: str, table: str, target: str
) -> Check:
    """Every code that `codes` builds from a row of `entry` exists in `target` of `table`."""

    def check(frames: Frames) -> list[Problem]:
        found = codes(frames[entry])
        unknown = found.notna() & ~found.isin(set(frames[table][target]))
        return [
            Problem(entry, row, column, str(found.at[row]), "código desconocido: no está en el catálogo de territorio")
            for row in found.index[unknown]
        ]

    return check


def all_present(
    entry: str,
    codes: Callable[[pd.DataFrame], pd.Series],
    column: str,
    target: str = "codigo_municipio",
    except_for: Sequence[str] = (),
    on: Callable[[pd.DataFrame], date] | None = None,
) -> Check:
    """Every municipio that existed on the day of the figures has its row in `entry`, but for the codes (of `target`) in
    `except_for`.

    The day is what `on` says of the rows or, if it is not given, the cut-off of the delivery.
    """

    def check(given: Given) -> list[Problem]:
        problems = []
        for cutoff, frame in deliveries(given[entry]):
            day = on(frame) if on else cutoff or given.source(entry).cutoff
            catalogue = existing(given["municipios"], day)
            missing = catalogue[~catalogue[target].isin(set(codes(frame).dropna()) | set(except_for))]
            problems += [
                Problem(
                    entry,
                    None,
                    column,
                    code,
                    f"falta el municipio {row.codigo_municipio} {row.municipio} ({row.departamento})"
                    + (f" en la entrega del corte {cutoff}" if cutoff else ""),
                    "falta el municipio",
                )
                for code, row in zip(missing[target], missing.itertuples(), strict=True)
            ]
        return problems

    return check


def first_day(years: pd.Series) -> date:
    """The first day of the first of `years`."""
    return date(int(years.min()), 1, 1)


def existing(municipios: pd.DataFrame, day: date) -> pd.DataFrame:
    """The rows of the catalogue that surely existed on `day`: `desde` and `hasta` may be a whole year or month.

    Within the year or month in which one began or ended, a source may have it or not.
    """
    text = day.isoformat()
    began = [_is_past(since, text) if isinstance(since, str) else True for since in municipios["desde"]]
    ended = [isinstance(until, str) and text[: len(until)] >= until for until in municipios["hasta"]]
    return municipios[[since and not until for since, until in zip(began, ended, strict=True)]]


def _is_past(since: str, day: str) -> bool:
    """Whether what began on `since` (a year, a month or a day) had surely begun by `day`."""
    return day >= since if len(since) == len(day) else day[: len(since)] > since


def names_agree(
    entry: str, codes: Callable[[pd.DataFrame], pd.Series], name: str, table: str, target: str, label: str
) -> Check:
    """The name written beside a code in `entry` is the catalogue's: a file with another coding shows at once."""

    def check(frames: Frames) -> list[Problem]:
        frame, catalogue = frames[entry], frames[table]
        known = dict(zip(catalogue[target], catalogue[label], strict=True))
        expected = codes(frame).map(known)
        wrong = (
            expected.notna() & frame[name].notna() & (frame[name].fillna("").map(fold) != expected.fillna("").map(fold))
        )
        return [
            Problem(
                entry,
                row,
                name,
                str(frame.at[row, name]),
                f"el código de la fila corresponde a {expected.at[row]}: ¿otra codificación?",
            )
            for row in frame.index[wrong]
        ]

    return check


# --- Name against code ------------------------------------------------------------------------------------------------


NOT_ITS_CODE = "el nombre de la fila no es el de su código"


@dataclass(frozen=True)
class PlaceNames:
    """How the places of the country are called: by code (four digits, a municipio; two, a departamento), every name and
    alias of it, folded; and by folded name, the codes that it has."""

    title: Mapping[str, str]
    names: Mapping[str, frozenset[str]]
    codes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, frames: Frames) -> PlaceNames:
        """From the tables `municipios` and `municipios_alias`."""
        catalogue = frames["municipios"]
        title = dict(zip(catalogue["codigo_municipio"], catalogue["municipio"], strict=True))
        title |= dict(zip(catalogue["codigo_departamento"], catalogue["departamento"], strict=True))
        named = [(code, place_name(name)) for code, name in title.items()]
        known = _known_names(frames)
        named += [
            (code, place_name(name)) for code, name in zip(known["codigo_municipio"], known["alias"], strict=True)
        ]
        names: dict[str, set[str]] = {}
        codes: dict[str, set[str]] = {}
        for code, name in named:
            names.setdefault(code, set()).add(name)
            codes.setdefault(name, set()).add(code)
        return cls(
            title,
            {code: frozenset(found) for code, found in names.items()},
            {name: tuple(sorted(found)) for name, found in codes.items()},
        )

    def disagreement(self, code: str, name: str, departamento: str = "") -> str | None:
        """What is wrong, with both places named, when `name` is not one of the place of `code`; None if it is.

        None too when the code is unknown: that is somebody else's problem to say. The name of the `departamento` that the
        row says, if any, tells which of two municipios of the same name is meant.
        """
        folded = place_name(name)
        if code not in self.names or folded in self.names[code]:
            return None
        others = [other for other in self.codes.get(folded, ()) if is_municipio(other) == is_municipio(code)]
        own = f"{self.title[code]} ({code})"
        if not others:
            kind = "municipio" if is_municipio(code) else "departamento"
            hint = ": si es otro nombre del mismo, añádalo a municipios_alias.csv" if is_municipio(code) else ""
            return f"la fila dice {name}, que no es ningún {kind} conocido, y su código es el de {own}{hint}"
        said = (*self.codes.get(place_name(departamento), ()), departamento_of(code))
        near = min(
            others, key=lambda other: (departamento_of(other) not in said[:-1], departamento_of(other) != said[-1])
        )
        return f"la fila dice {self.title[near]} ({near}) y su código es el de {own}"

    def inside(self, departamento: str) -> str | None:
        """What is wrong when a row with the code of residents abroad names a `departamento` of the country; None if not."""
        found = [code for code in self.codes.get(place_name(departamento), ()) if not is_municipio(code)]
        own = f"los residentes en el extranjero ({COUNTRY.abroad})"
        return f"la fila dice {self.title[found[0]]} ({found[0]}) y su código es el de {own}" if found else None


def place_name(text: str) -> str:
    """A name of a place as it is compared: folded, and without the article of «El Quiché»."""
    return fold(text).removeprefix("el ")


def places_agree(
    entry: str,
    codes: Callable[[pd.DataFrame], pd.Series],
    municipio: str | None = None,
    departamento: str | None = None,
    target: str = "codigo_municipio",
) -> Check:
    """The names written in a row of `entry` are those of its code, by the catalogue and its aliases.

    `codes` gives the code of each row in `target` of the table `municipios` or, without `municipio`, in the table
    `departamentos` (whose `target` is then `codigo_departamento`). One problem per row: of the municipio, or else of the
    departamento, which is what tells two municipios of the same name apart.
    """

    def check(frames: Frames) -> list[Problem]:
        frame, catalogue = frames[entry], frames["municipios"]
        names, found = PlaceNames.of(frames), codes(frame)
        own = "codigo_municipio" if municipio else "codigo_departamento"
        if target != own:
            found = found.map(dict(zip(catalogue[target], catalogue[own], strict=True)))
        said = [frame[column] if column else [None] * len(frame) for column in (municipio, departamento)]
        problems = []
        for row, code, name, within in zip(frame.index, found, *said, strict=True):
            if not isinstance(code, str):
                continue
            within = within if isinstance(within, str) else ""
            if isinstance(name, str) and (message := names.disagreement(code, name, within)):
                problems.append(Problem(entry, row, municipio, name, message, NOT_ITS_CODE))
            elif within and (message := names.disagreement(departamento_of(code), within)):
                problems.append(Problem(entry, row, departamento, within, message, NOT_ITS_CODE))
        return problems

    return check


def abroad_is_outside(entry: str, abroad: Callable[[pd.DataFrame], pd.Series], departamento: str) -> Check:
    """The rows of `entry` whose code is of residents abroad do not name a departamento of the country."""

    def check(frames: Frames) -> list[Problem]:
        frame, names = frames[entry], PlaceNames.of(frames)
        rows = frame.loc[abroad(frame).fillna(False) & frame[departamento].notna(), departamento]
        found = ((row, name, names.inside(name)) for row, name in zip(rows.index, rows, strict=True))
        return [
            Problem(entry, row, departamento, name, message, NOT_ITS_CODE) for row, name, message in found if message
        ]

    return check


def resolve_names(frame: pd.DataFrame, departamento: str, municipio: str, frames: Frames) -> pd.Series:
    """INE codes of municipios given by name, through the catalogue and its aliases, inside each departamento.

    `departamento` is a column with two-digit codes; names are compared without accents or capitals. Unresolved: NA.
    """
    known = _known_names(frames).set_index(["codigo_departamento", "plegado"])["codigo_municipio"].to_dict()
    keys = zip(frame[departamento], frame[municipio], strict=True)
    values = [known.get((dep, fold(name))) if isinstance(name, str) else None for dep, name in keys]
    return pd.Series(values, index=frame.index, dtype="str")


def _known_names(frames: Frames) -> pd.DataFrame:
    """Every name and alias of the municipios, also folded, with departamento and code."""
    catalogue = frames["municipios"].rename(columns={"municipio": "alias"})
    columns = ["codigo_departamento", "alias", "codigo_municipio"]
    names = pd.concat([catalogue[columns], frames["municipios_alias"][columns]], ignore_index=True)
    return names.assign(plegado=names["alias"].map(fold))


def names_resolve(entry: str, departamento: str, municipio: str, code: Callable[[pd.DataFrame], pd.Series]) -> Check:
    """Every municipio named in `entry` resolves, and to the code `code` builds from its row (a second witness)."""

    def check(frames: Frames) -> list[Problem]:
        frame = frames[entry].assign(_departamento=lambda rows: departamento_codes(rows[departamento]))
        found = resolve_names(frame, "_departamento", municipio, frames)
        expected = code(frame)
        problems = []
        for row in frame.index[frame[municipio].notna()]:
            name = str(frame.at[row, municipio])
            code_of_name, code_of_row = found.at[row], expected.at[row]
            if not isinstance(code_of_name, str):
                message = "el nombre no resuelve a ningún municipio del departamento: añádalo a municipios_alias.csv"
                problems.append(Problem(entry, row, municipio, name, message))
            elif isinstance(code_of_row, str) and code_of_name != code_of_row:
                message = f"el nombre es el municipio {code_of_name} y la posición de la fila dice {code_of_row}"
                problems.append(Problem(entry, row, municipio, name, message))
        return problems

    return check


def no_homonyms(frames: Frames) -> list[Problem]:
    """No name or alias points to two municipios of the same departamento."""
    names = _known_names(frames)
    codes = names.groupby(["codigo_departamento", "plegado"])["codigo_municipio"].transform("nunique")
    message = "el mismo nombre apunta a dos municipios del departamento"
    return [Problem("tabla municipios_alias", None, "alias", name, message) for name in names.loc[codes > 1, "alias"]]


def complete(table: str, dimensions: Sequence[str]) -> Check:
    """`table` has a row for every combination of the values it uses: no hole hides in a series."""

    def check(frames: Frames) -> list[Problem]:
        frame = frames[table]
        values = [frame[dimension].unique() for dimension in dimensions]
        expected = pd.MultiIndex.from_product(values, names=list(dimensions))
        missing = expected.difference(pd.MultiIndex.from_frame(frame[list(dimensions)]))
        message = "falta esta combinación"
        return [
            Problem(f"tabla {table}", None, ", ".join(dimensions), "-".join(map(str, key)), message) for key in missing
        ]

    return check
