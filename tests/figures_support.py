"""The figures of every selection worked out from data/source with pandas alone: not a line of the site's own code.

Also how a Guatemalan writes them, written here a second time on purpose: a test that used the site's formatter would
agree with any mistake in it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property

import pandas as pd

from tests.browser_support import ROOT

SOURCE = ROOT / "data" / "source"
NBSP = "\u00a0"
MINUS = "\u2212"
NO_DATA = "sin dato publicado"
COUNTRY = ""
#: The TSE numbers three departamentos otherwise than the INE: FUENTES, «Códigos de territorio».
INE_OF_TSE = {2: 3, 3: 4, 4: 2}
SEXES = {"mujeres": "MUJERES", "hombres": "HOMBRES"}
AGES = {
    "18_25": ("18a25", "18 a 25"),
    "26_30": ("26a30", "26 a 30"),
    "31_35": ("31a35", "31 a 35"),
    "36_40": ("36a40", "36 a 40"),
    "41_45": ("41a45", "41 a 45"),
    "46_50": ("46a50", "46 a 50"),
    "51_55": ("51a55", "51 a 55"),
    "56_60": ("56a60", "56 a 60"),
    "61_65": ("61a65", "61 a 65"),
    "66_70": ("66A70", "66 a 70"),
    "70_mas": ("MAYOROIGUAL70", "70 y más"),
}
READING = {"alfabeta": "ALFABETAS", "analfabeta": "ANALFABETAS"}
PER_HUNDRED_DECIMALS = 1
#: Among fewer people than these a share moves a lot with a few of them; and the parts that a share is of.
ENOUGH_PEOPLE = 1_000
BASES = ("todo", "habitantes", "m", "h")

Parts = dict[str, float | None]


def fold(text: str) -> str:
    """`text` without accents nor case."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").lower()


@dataclass(frozen=True)
class Asked:
    """One indicator as a reader meets it: which filters it takes, the parts it adds up and what it makes of them.

    `title` names it; `order` is the order in which its sentence says the parts («valor» is the figure itself).
    """

    title: str
    filters: tuple[str, ...]
    parts: Callable[[Oracle, dict[str, str]], dict[str, pd.Series]]
    figure: Callable[[Parts], float | None]
    order: tuple[str, ...]
    decimals: int = 1
    mark: str = ""
    signed: bool = False
    stands_out: Callable[[float], bool] | None = None

    @property
    def column(self) -> str:
        """The title over its column, which says a unit that is not people."""
        return f"{self.title} ({self.mark})" if self.mark else self.title

    def rounded(self, value: float) -> float:
        """`value` to the decimals a reader sees."""
        return round(value, self.decimals) + 0.0

    def write(self, value: float | None) -> str:
        """`value` as it must be written: 10,030,374; 18.8 %; −2.6; +3.1 %."""
        if value is None:
            return NO_DATA
        seen = self.rounded(value)
        sign = MINUS if seen < 0 else "+" if self.signed and seen > 0 else ""
        return f"{sign}{abs(seen):,.{self.decimals}f}" + (f"{NBSP}{self.mark}" if self.mark else "")


def count(value: float | None) -> str:
    """A number of people as it must be written."""
    return NO_DATA if value is None else f"{round(value):,}"


def per_cent(part: float, whole: float) -> str:
    """A percentage as it must be written."""
    return f"{100 * part / whole:,.1f}{NBSP}%"


def _ratio(parts: Parts) -> float | None:
    above, below = parts.values()
    return None if above is None or not below else 100 * above / below


def _change(parts: Parts) -> float | None:
    before, now = parts["antes"], parts["ahora"]
    return None if before is None or now is None else 100 * (now - before) / before


def _difference(parts: Parts) -> float | None:
    counted, base = parts.values()
    return None if counted is None or base is None else counted - base


def _gap(parts: Parts) -> float | None:
    return 100 * parts["ma"] / parts["m"] - 100 * parts["ha"] / parts["h"]


def _share(**conditions: str | tuple[str, ...]) -> Callable[[Oracle, dict[str, str]], dict[str, pd.Series]]:
    """The registered of `conditions` over the registered, both within the group asked for."""

    def parts(oracle: Oracle, group: dict[str, str]) -> dict[str, pd.Series]:
        return {"parte": oracle.registered(**(group | conditions)), "todo": oracle.registered(**group)}

    return parts


OF_THE_WHOLE = ("parte", "todo", "valor")
#: By the indicator of an address and, if it is counted election by election, the election.
ASKED: dict[str, Asked] = {
    "tasa": Asked(
        "Empadronados por cada 100 habitantes",
        ("sexo",),
        lambda oracle, group: {"parte": oracle.registered(**group), "habitantes": oracle.population(**group)},
        _ratio,
        ("parte", "valor"),
        stands_out=lambda value: value > 100,
    ),
    "empadronados": Asked(
        "Personas empadronadas",
        ("sexo", "edad", "alfabetismo"),
        lambda oracle, group: {"todo": oracle.registered(**group)},
        lambda parts: parts["todo"],
        ("valor",),
        decimals=0,
    ),
    "censo-20": Asked(
        "Empadronados por cada 100 habitantes de 20 años y más (censo 2018)",
        (),
        lambda oracle, group: {"parte": oracle.registered(), "censo": oracle.census_20},
        _ratio,
        ("valor", "parte", "censo"),
        stands_out=lambda value: value > 100,
    ),
    "diferencia-censo-20": Asked(
        "Diferencia entre empadronados y habitantes de 20 años y más (censo 2018)",
        (),
        lambda oracle, group: {"parte": oracle.registered(), "censo": oracle.census_20},
        _difference,
        ("parte", "censo", "valor"),
        decimals=0,
        signed=True,
        stands_out=lambda value: value < 0,
    ),
    "adultos 2011-1": Asked(
        "Empadronados por cada 100 adultos en 2011",
        (),
        lambda oracle, group: oracle.in_both(parte=oracle.series(2011), adultos=oracle.adults(2011)),
        _ratio,
        ("parte", "adultos", "valor"),
        stands_out=lambda value: value > 100,
    ),
    "diferencia-adultos 2011-1": Asked(
        "Diferencia entre empadronados y adultos en 2011",
        (),
        lambda oracle, group: oracle.in_both(parte=oracle.series(2011), adultos=oracle.adults(2011)),
        _difference,
        ("parte", "adultos", "valor"),
        decimals=0,
        signed=True,
        stands_out=lambda value: value < 0,
    ),
    "mujeres": Asked(
        "Mujeres en el padrón",
        ("edad", "alfabetismo"),
        _share(sexo="mujeres"),
        _ratio,
        OF_THE_WHOLE,
        mark="%",
        stands_out=lambda value: value < 50,
    ),
    "jovenes-18-25": Asked(
        "Personas de 18 a 25 años en el padrón", ("sexo",), _share(edad="18_25"), _ratio, OF_THE_WHOLE, mark="%"
    ),
    "jovenes-18-30": Asked(
        "Personas de 18 a 30 años en el padrón",
        ("sexo",),
        _share(edad=("18_25", "26_30")),
        _ratio,
        OF_THE_WHOLE,
        mark="%",
    ),
    "mayores-61": Asked(
        "Personas de 61 años y más en el padrón",
        ("sexo",),
        _share(edad=("61_65", "66_70", "70_mas")),
        _ratio,
        OF_THE_WHOLE,
        mark="%",
    ),
    "analfabetismo": Asked(
        "Personas empadronadas que no leen ni escriben",
        ("sexo",),
        _share(alfabetismo="analfabeta"),
        _ratio,
        OF_THE_WHOLE,
        mark="%",
    ),
    "brecha-analfabetismo": Asked(
        "Distancia entre mujeres y hombres que no leen ni escriben",
        (),
        lambda oracle, group: {
            "ma": oracle.registered("mujeres", alfabetismo="analfabeta"),
            "m": oracle.registered("mujeres"),
            "ha": oracle.registered("hombres", alfabetismo="analfabeta"),
            "h": oracle.registered("hombres"),
        },
        _gap,
        ("% ma/m", "% ha/h", "valor"),
        stands_out=lambda value: value < 0,
    ),
    "cambio 2023-1": Asked(
        "Cambio desde el padrón de 2023",
        (),
        lambda oracle, group: {"ahora": oracle.registered(), "antes": oracle.series(2023)},
        _change,
        ("antes", "ahora", "valor"),
        mark="%",
        signed=True,
        stands_out=lambda value: value < 0,
    ),
    "cambio 2011-1": Asked(
        "Cambio desde el padrón de 2011",
        (),
        lambda oracle, group: {"ahora": oracle.registered(), "antes": oracle.series(2011)},
        _change,
        ("antes", "ahora", "valor"),
        mark="%",
        signed=True,
        stands_out=lambda value: value < 0,
    ),
}


def asked_by(query: dict[str, str]) -> str:
    """The key in ASKED of an address."""
    return " ".join(query[name] for name in ("indicador", "eleccion") if name in query)


class Oracle:
    """The source files, read once."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Name by code of the 340 municipios and the 22 departamentos."""
        found = self._csv("territorio/municipios.csv", "codigo_municipio")["municipio"].to_dict()
        departamentos = self._csv("territorio/departamentos.csv", "codigo_departamento")["departamento"].to_dict()
        return found | {code: name for code, name in departamentos.items() if code <= "22"}

    @cached_property
    def municipios(self) -> list[str]:
        """The 340 codes."""
        return [code for code in self.names if len(code) == 4]

    @cached_property
    def departamentos(self) -> list[str]:
        """The 22 codes."""
        return [code for code in self.names if len(code) == 2]

    @cached_property
    def _padron(self) -> pd.DataFrame:
        frame = pd.read_csv(SOURCE / "padron_municipal/tse_empadronados_activos_2026-07-12.csv")
        departamento = frame["CODDEP"].map(lambda code: INE_OF_TSE.get(code, code))
        frame.index = [f"{d:02}{m:02}" for d, m in zip(departamento, frame["CODMUN"], strict=True)]
        return frame

    def registered(
        self, sexo: str | None = None, edad: str | Iterable[str] | None = None, alfabetismo: str | None = None
    ) -> pd.Series:
        """Registered by municipio. The source crosses sexo with edad and with alfabetismo, never the three."""
        assert not (edad and alfabetismo), "The source does not cross edad with alfabetismo"
        columns = []
        for side in [SEXES[sexo]] if sexo else SEXES.values():
            if edad:
                columns += [f"{side}_EDAD_{AGES[age][0]}" for age in ([edad] if isinstance(edad, str) else edad)]
            else:
                columns.append(f"{side}_{READING[alfabetismo]}" if alfabetismo else f"TOTAL_{side}")
        return self._padron[columns].sum(axis=1)

    def population(self, sexo: str | None = None) -> pd.Series:
        """Total population of 2026: the total as the agreement prints it, or the column of one sexo."""
        frame = self._csv("poblacion/tse_acuerdo_327_2026_poblacion_municipio_sexo.csv", "codigo_ine")
        return frame[sexo or "poblacion_publicada"].astype(float)

    @cached_property
    def census_20(self) -> pd.Series:
        """Inhabitants aged 20 and over counted in 2018."""
        frame = self._csv("censo_2018/censo2018_municipio_ancho_sexo_edad_area_pueblo_alfabetismo.csv", "codigo_ine")
        ages = [c for c in frame if c.startswith("edad_") and c.split("_")[1].isdigit() and int(c.split("_")[1]) >= 20]
        assert len(ages) == 17  # 20-24 … 95-99, 100 and over
        return frame[ages].astype(float).sum(axis=1)

    def series(self, anio: int) -> pd.Series:
        """Registered for the elections of a year; NaN where nothing is published."""
        frame = self._csv("padron_serie/empadronados_municipio_por_eleccion.csv", "codigo_municipio")
        return pd.to_numeric(frame.loc[frame["eleccion"] == f"{anio}-1", "empadronados"])

    def adults(self, anio: int) -> pd.Series:
        """Projected inhabitants aged 18 and over; the seven municipios created later have none."""
        name = "poblacion_2011_2015/ine_proy2002base_municipio_sexo_edad_2011_2015_tidy.csv"
        frame = pd.read_csv(SOURCE / name)
        of_year = frame[frame["year"] == anio]
        codes = of_year["codigo_municipio_pos"].map(lambda position: f"{position:04}")
        return of_year.groupby(codes)["pop_18plus"].sum().reindex(self.municipios)

    def in_both(self, **parts: pd.Series) -> dict[str, pd.Series]:
        """The parts, where all of them are published."""
        whole = pd.DataFrame(parts).notna().all(axis=1)
        return {name: part.where(whole) for name, part in parts.items()}

    def _csv(self, name: str, key: str) -> pd.DataFrame:
        return pd.read_csv(SOURCE / name, dtype=str).set_index(key)

    @cache  # noqa: B019 — there is one oracle, and it lives as long as the tests
    def _summed(self, indicador: str, group: frozenset[tuple[str, str]]) -> dict[str, Parts]:
        """Parts by code of every municipio, every departamento and the country: sums, never averages."""
        by_municipio = pd.DataFrame(ASKED[indicador].parts(self, dict(group)))
        found = {}
        for digits in (4, 2, 0):
            keys = [code[:digits] for code in by_municipio.index]
            sums = by_municipio.groupby(keys).sum(min_count=1).to_dict("index")
            found |= {code: {k: None if pd.isna(v) else float(v) for k, v in row.items()} for code, row in sums.items()}
        return found

    def parts(self, indicador: str, group: dict[str, str], code: str) -> Parts:
        """The parts of an indicator in one territory (a code, or "" for the country), summed over its municipios."""
        return self._summed(indicador, frozenset(group.items()))[code]

    def figures(self, indicador: str, group: dict[str, str], codes: Iterable[str]) -> dict[str, float | None]:
        """The figure of an indicator in each territory."""
        return {code: ASKED[indicador].figure(self.parts(indicador, group, code)) for code in codes}

    def enough(self, indicador: str, group: dict[str, str], code: str) -> bool:
        """Whether the figure of a place is about so many people that it may be set against others."""
        parts = self.parts(indicador, group, code)
        return all((parts[name] or 0) >= ENOUGH_PEOPLE for name in BASES if name in parts and len(parts) > 1)

    def said(self, indicador: str, group: dict[str, str], code: str) -> list[str]:
        """The figures of the sentence that answers for one territory, in reading order, as they must be written."""
        asked, parts = ASKED[indicador], self.parts(indicador, group, code)
        texts = {name: count(value) for name, value in parts.items()}
        texts["valor"] = asked.write(asked.figure(parts))
        for name in asked.order:
            if name.startswith("% "):
                part, whole = name.removeprefix("% ").split("/")
                texts[name] = per_cent(parts[part], parts[whole])
        return [texts[name] for name in asked.order]

    def ranked(self, indicador: str, figures: dict[str, float | None]) -> list[str]:
        """Codes from the highest figure to the lowest as read, ties by name, those without figure at the end."""
        asked = ASKED[indicador]

        def key(code: str) -> tuple:
            value = figures[code]
            return (value is None, 0 if value is None else -asked.rounded(value), fold(self.names[code]), code)

        return sorted(figures, key=key)


ORACLE = Oracle()
