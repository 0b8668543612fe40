"""What a release and its site say of people by group, read as a stranger reads it: files, maps, tables, charts and sentences,
each turned into claims about the cells of the cubes. It knows the words of the pages and nothing of how they are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any, NamedTuple

from tests.attack_support import NO_LIMIT, TOTAL, Cells, Claim, Part
from tests.site_support import Document, text_of

COLUMNS = {
    "sexo": "sexo",
    "edad": "grupo_edad",
    "alfabetismo": "alfabetismo",
    "pueblo": "pueblo",
    "comunidad_linguistica": "comunidad_linguistica",
    "pais": "pais_residencia",
    "origen": "codigo_departamento_origen",
}
LATER_AGES = ("61_65", "66_70", "70_mas")
#: Hidden from a reader or not there: no number.
REASONS = re.compile("confidencial|sin dato|nadie en el grupo|conf\\.")
#: The least number of a sentence that is not likely to be of something else.
LEAST = 30
#: The fewest decimals that a figure of a file is rounded to.
DECIMALS = 1

Group = dict[str, str]
#: Some cells that are added up, each by a weight; None when the cubes have no such cell.
Sum = list[tuple[int, float]] | None


class Formula(NamedTuple):
    """A figure made from cells: `share` of `base` by a hundred, less `minus`; without base, `share` itself."""

    share: Sum
    base: Sum = None
    minus: float = 0.0
    out_of: float = 100.0

    def claims(self, low: float, high: float, where: str) -> Iterator[Claim]:
        """What follows from the figure being between `low` and `high`."""
        if self.share is None:
            return
        if self.base is None:
            yield Claim(merged(self.share), low, high, where)
            return
        for limit, sign in ((low, 1.0), (high, -1.0)):
            if abs(limit) != NO_LIMIT:
                of_base = -sign * (limit + self.minus)
                weights = merged([*times(self.share, sign * self.out_of), *times(self.base, of_base)])
                yield Claim(weights, 0, NO_LIMIT, where)


def times(cells: Sum, weight: float) -> list[tuple[int, float]]:
    return [(cell, weight * own) for cell, own in cells or ()]


def merged(weights: Iterable[tuple[int, float]]) -> tuple[tuple[int, float], ...]:
    added: dict[int, float] = {}
    for cell, weight in weights:
        added[cell] = added.get(cell, 0.0) + weight
    return tuple((cell, weight) for cell, weight in sorted(added.items()) if weight)


def number_of(text: str) -> tuple[float, float] | None:
    """A number as it is written and half of its last digit (0 of a whole number); None for words."""
    found = re.search(r"(−|\+|-)?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?", text)
    if not found or REASONS.search(text):
        return None
    value = float(found[2].replace(",", "") + (found[3] or ""))
    half = 0.5 * 10.0 ** -(len(found[3]) - 1) if found[3] else (0.5 if "%" in text else 0.0)
    return (-value if found[1] in ("−", "-") else value), half


def room_of(*values: Any) -> float:
    """How far figures of a column of a file may be from what they are of: half of the last digit that any of them has."""
    written = [repr(value).partition(".")[2] for value in values if isinstance(value, float) and value != int(value)]
    return 0.5000001 * 10.0 ** -max([DECIMALS, *map(len, written)])


def limits_of(text: str) -> tuple[float, float]:
    """The limits of a class, as a legend writes them: «menos de 56 %», «56 a 62 %», «72 % o más»."""
    numbers = [
        (-1 if sign else 1) * float(digits.replace(",", ""))
        for sign, digits in re.findall(r"(−)?(\d[\d,]*(?:\.\d+)?)", text)
    ]
    if "menos de" in text or "<" in text:
        return -NO_LIMIT, numbers[-1]
    if not numbers:
        return -NO_LIMIT, NO_LIMIT
    return (numbers[0], NO_LIMIT) if "más" in text else (numbers[0], numbers[-1])


class Told:
    """Reads what is said of the cells of a release. `unread` counts the figures it could make nothing of, by where."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.unread: dict[str, int] = {}
        self.values = {
            column: {value for frame in cells.frames.values() if column in frame for value in frame[column].unique()}
            - {TOTAL}
            for column in COLUMNS.values()
        }
        self.cities = {
            key[2]: dict(zip(("pais_residencia", "estado_residencia", "ciudad_residencia"), key, strict=False))
            for part in cells.parts
            if part.cube.endswith("extranjero_cubo") or part.cube == "extranjero_cubo"
            for key in cells.index(part, "empadronados")
        }

    # --- What is asked -------------------------------------------------------------------------------------------------

    def place(self, code: str) -> Group:
        if len(code) == 4:
            return {"codigo_departamento": code[:2], "codigo_municipio": code}
        return {"codigo_departamento": code} if code else {}

    def group(self, query: Mapping[str, Any]) -> Group:
        found = {column: str(query[name]) for name, column in COLUMNS.items() if query.get(name)}
        if query.get("ciudad"):
            return found | self.cities.get(str(query["ciudad"]), {"ciudad_residencia": "?"})
        if query.get("estado"):
            return found | {"pais_residencia": "US", "estado_residencia": str(query["estado"])}
        return found

    def sum(self, part: Part | None, measure: str, *groups: Group) -> Sum:
        cells = [self.cells.find(part, measure, group) for group in groups]
        return None if None in cells or not cells else [(cell, 1.0) for cell in cells if cell is not None]

    def before(self, part: Part | None) -> Part | None:
        same = [item for item in self.cells.parts if part and item.cube == part.cube]
        when = [item for item in same if part and (item.cutoff, item.election) < (part.cutoff, part.election)]
        return max(when, key=lambda item: (item.cutoff, item.election), default=None)

    # --- The maps ------------------------------------------------------------------------------------------------------

    def counts(self, part: Part | None, group: Group, place: Group, other: Group) -> dict[str, Sum]:
        """What each column of counts of a map is the sum of."""
        mine, sexes = place | group, {name: place | group | {"sexo": name} for name in ("mujeres", "hombres")}
        found: dict[str, Sum] = {}
        for name in ("empadronados", "votantes"):
            found[name] = self.sum(part, name, mine)
            found[f"{name}_todos"] = self.sum(part, name, place)
            found[f"{name}_frente"] = self.sum(part, name, place | other)
            found[f"{name}_antes"] = self.sum(self.before(part), name, mine)
        illiterate = {"alfabetismo": "analfabeta"}
        found["empadronados_analfabetas"] = self.sum(part, "empadronados", mine | illiterate)
        for sex, plural in (("mujeres", "empadronadas"), ("hombres", "empadronados")):
            found[f"{sex}_{plural}"] = self.sum(part, "empadronados", sexes[sex])
            found[f"{sex}_analfabetas"] = self.sum(part, "empadronados", sexes[sex] | illiterate)
        for name, ages in (("18_25", ("18_25",)), ("18_30", ("18_25", "26_30")), ("61_mas", LATER_AGES)):
            found[f"empadronados_{name}"] = self.sum(
                part, "empadronados", *(mine | {"grupo_edad": age} for age in ages)
            )
        return found

    def formula(self, indicator: str, counts: Mapping[str, Sum], row: Mapping[str, Any]) -> Formula | None:
        """What an indicator of a map is made from; None when not from cells alone."""
        roll, voters = counts["empadronados"], counts["votantes"]
        against = next((value for name, value in row.items() if name.startswith("poblacion_")), None)
        simple = {
            "empadronados": Formula(roll),
            "padron-eleccion": Formula(roll),
            "votantes": Formula(voters),
            "votaron": Formula(voters, roll),
            "parte": Formula(roll, counts["empadronados_todos"]),
            "parte-votantes": Formula(voters, counts["votantes_todos"]),
            "mujeres": Formula(counts["mujeres_empadronadas"], roll),
            "jovenes-18-25": Formula(counts["empadronados_18_25"], roll),
            "jovenes-18-30": Formula(counts["empadronados_18_30"], roll),
            "mayores-61": Formula(counts["empadronados_61_mas"], roll),
            "analfabetismo": Formula(counts["empadronados_analfabetas"], roll),
            "cambio-corte": Formula(roll, counts["empadronados_antes"], minus=100.0),
        }
        if indicator in simple:
            return simple[indicator]
        gaps = {"brecha-personas": "empadronados", "brecha-votantes": "votantes", "brecha": "empadronados"}
        if indicator in gaps:
            one, other = counts[gaps[indicator]], counts[f"{gaps[indicator]}_frente"]
            share = [*one, *times(other, -1.0)] if one is not None and other is not None else None
            return Formula(share, counts["empadronados_todos"] if indicator == "brecha" else None)
        if indicator == "abstencion" and roll is not None and voters is not None:
            return Formula([*roll, *times(voters, -1.0)], roll)
        if indicator in ("tasa", "censo-20") and against and roll is not None:
            return Formula(times(roll, 100.0 / against))
        pairs = {
            "brecha-participacion": ("votantes", "empadronados", "votantes_frente", "empadronados_frente"),
            "cambio-participacion": ("votantes", "empadronados", "votantes_antes", "empadronados_antes"),
            "brecha-analfabetismo": (
                *("mujeres_analfabetas", "mujeres_empadronadas"),
                *("hombres_analfabetas", "hombres_empadronados"),
            ),
        }
        return self.points(*(counts[name] for name in pairs[indicator])) if indicator in pairs else None

    def points(self, one: Sum, of_one: Sum, other: Sum, of_other: Sum) -> Formula | None:
        """The distance between two shares, when it is published of how many people each is."""
        bases = [self.known(base) for base in (of_one, of_other)]
        if one is None or other is None or not all(bases):
            return None
        return Formula([*times(one, 100.0 / (bases[0] or 1)), *times(other, -100.0 / (bases[1] or 1))])

    def known(self, cells: Sum) -> float | None:
        total = sum(weight * self.cells.counts[cell] for cell, weight in cells or ())
        return None if cells is None or total != total else float(total)

    def asked(self, topic: str, query: Mapping[str, Any]) -> tuple[Part | None, Group, Group]:
        """The part that a question is about, its group, and the group it is compared with."""
        cube = "participacion_cubo" if topic == "participacion" else "padron_cubo"
        part = self.cells.part(cube, str(query.get("corte") or ""), str(query.get("eleccion") or ""))
        group = self.group(query)
        name, _, value = str(query.get("frente") or "").rpartition(".")
        if not value:
            return part, group, {key: said for key, said in group.items() if key == "sexo" and len(group) > 1}
        name = name or "sexo"
        return part, group, {key: said for key, said in group.items() if name == "sexo"} | {COLUMNS[name]: value}

    def of_map(self, topic: str, told: Mapping[str, Any]) -> Iterator[Claim]:
        query, where = told["consulta"], f"{topic}_mapa.json {told['consulta']}"
        part, group, other = self.asked(topic, query)
        for row in told["filas"]:
            code = next(str(row[name]) for name in ("codigo_municipio", "codigo_departamento") if name in row)
            counts = self.counts(part, group, self.place(code), other)
            for name, cells in counts.items():
                if row.get(name) is not None:
                    yield from Formula(cells).claims(row[name], row[name], f"{where} {code} {name}")
            yield from self._value(query["indicador"], counts, row, f"{where} {code}")

    def _value(self, indicator: str, counts: Mapping[str, Sum], row: Mapping[str, Any], where: str) -> Iterator[Claim]:
        formula = self.formula(indicator, counts, row)
        if row.get("diferencia") is not None and indicator.startswith(("tasa", "censo", "diferencia-censo")):
            base = next((value for name, value in row.items() if name.startswith("poblacion_")), None)
            if base is not None:
                value, room = row["diferencia"] + base, 0.0 if isinstance(base, int) else room_of(base)
                yield from Formula(counts["empadronados"]).claims(value - room, value + room, f"{where} diferencia")
        if row["valor"] is None:
            return
        if formula is None:
            self._give_up(f"valor {indicator}")
        else:
            room = room_of(row["valor"])
            yield from formula.claims(row["valor"] - room, row["valor"] + room, f"{where} valor")

    def _give_up(self, where: str) -> None:
        self.unread[where] = self.unread.get(where, 0) + 1

    def of_map_page(
        self, topic: str, query: Mapping[str, str], page: Document, told: Mapping[str, Any]
    ) -> Iterator[Claim]:
        """The paint and the words of each place, the limits of its colour, and how many people the map covers."""
        part, group, other = self.asked(topic, told["consulta"])
        rows = {next(iter(row.values())): row for row in told["filas"]}
        legend = {
            next(name for name in str(item.get("class")).split() if name.startswith("q")): limits_of(
                text_of(item.find("span"))
            )
            for item in page.all("#bajo-mapa .leyenda li")
            if re.match(r"q\d", item.get("class") or "")
        }
        covered, whom = self.covered(" ".join(page.texts(".cobertura p")), told["consulta"]["indicador"], group)
        withheld, shown = [], []
        for code, (paint, text) in page.state["pintura"].items():
            where = f"/{topic} {query} {code}"
            counts = self.counts(part, group, self.place(code), other)
            formula = self.formula(told["consulta"]["indicador"], counts, rows.get(code, {}))
            if not REASONS.search(text):
                shown.append(counts[covered])
            elif "confidencial" in text:
                withheld.append(counts[covered])
            elif "nadie" in text and 0 not in (
                self.known(counts[f"empadronados_{name}"]) for name in ("frente", "antes")
            ):
                yield from Formula(counts["empadronados"]).claims(0, 0, f"{where} «{text}»")
            said = number_of(text)
            if formula is None:
                continue
            if said:
                yield from formula.claims(said[0] - said[1], said[0] + said[1], f"{where} «{text}»")
            colour = page.state["clases"].get(str(paint), "")
            if colour in legend:  # a reader sees the figure of a class as it is written, rounded
                low, high = legend[colour]
                yield from formula.claims(low - 0.05, high + 0.05, f"{where} {colour}")
        measure = "votantes" if covered.startswith("votantes") else "empadronados"
        everybody = self.sum(part, measure, whom | self.place(query.get("departamento", "")))
        for css, places in ((".con-cifra", shown), (".confidencial", withheld)):
            cells = [pair for place in places for pair in place or ()] if None not in places else None
            for item in page.all(f".cobertura {css}"):
                drawn = re.search(r"--parte:([\d.]+)", item.get("data-estilo") or "")
                said = (float(drawn[1]), 0.005) if drawn else number_of(text_of(item))
                if said and cells is not None:
                    where = f"/{topic} {query} cobertura {css}"
                    yield from Formula(cells, everybody).claims(said[0] - said[1], said[0] + said[1], where)

    @staticmethod
    def covered(words: str, indicator: str, group: Group) -> tuple[str, Group]:
        """Of whom a map says that it covers so many: the column of their counts, and their group."""
        measure = "votantes" if "votaron" in words else "empadronados"
        if indicator == "brecha-analfabetismo":
            return "mujeres_empadronadas", {"sexo": "mujeres"}
        if re.search(r"de las personas (empadronadas|que votaron( en \d+)?) cubre", words) and group:
            return f"{measure}_todos", {}
        return measure, group

    def of_map_table(
        self, topic: str, query: Mapping[str, str], page: Document, told: Mapping[str, Any]
    ) -> Iterator[Claim]:
        """The table of the accessible page: the figure of each place as it is written, and the counts beside it."""
        part, group, other = self.asked(topic, told["consulta"])
        counted = [name for name in told["filas"][0] if name in self.counts(part, group, {}, other)]
        rows = {next(iter(row.values())): row for row in told["filas"]}
        for row in page.all("#tabla table tbody tr"):
            code = next((str(link.get("data-lugar")) for link in row.cssselect("a[data-lugar]")), "")
            counts, cells = self.counts(part, group, self.place(code), other), row.cssselect("td.num")
            formula = self.formula(told["consulta"]["indicador"], counts, rows.get(code, {}))
            for name, cell in zip(["", *counted], cells, strict=False):
                said, of = number_of(text_of(cell)), formula if not name else Formula(counts[name])
                if said and of:
                    where = f"/accesible/{topic} {query} {code} {name}"
                    yield from of.claims(said[0] - said[1], said[0] + said[1], where)

    # --- The sentences -------------------------------------------------------------------------------------------------

    def of_sentences(self, address: str, query: Mapping[str, str], page: Document, truth: Any) -> Iterator[Claim]:
        """The whole numbers of the sentences that are the count of something hidden, and of nothing published, among the
        groups that the page is about: what they say, a reader is told in words.
        """
        group, places = self.group(query), {"", query.get("departamento", ""), query.get("lugar", "")}
        places |= {code[:2] for code in places}
        kept = [dict(some) for size in range(len(group) + 1) for some in combinations(group.items(), size)]
        kept += [one | {"sexo": sex} for one in kept for sex in ("mujeres", "hombres")]
        about = [
            cell
            for pair in self.cells.rows
            for code in places
            for one in kept
            if (cell := self.cells.find(*pair, self.place(code) | one)) is not None
        ]
        published = {self.cells.counts[cell] for cell in about}
        for figure in page.all(".respuesta strong, .hallazgo strong, .frase strong"):
            said = number_of(text_of(figure))
            whole = re.fullmatch(r"[\d,]+", text_of(figure))
            if not said or not whole or said[0] < LEAST or said[0] in published:
                continue
            for cell in about:
                if self.cells.counts[cell] != self.cells.counts[cell] and truth[cell] == said[0]:
                    yield Claim(((cell, 1.0),), said[0], said[0], f"{address} «{text_of(figure)}»")
