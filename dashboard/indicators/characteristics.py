"""How places are, by their census: what they are grouped by, one declaration each. Page, files, API and tests derive from it.

A family declares all the values of one column of the census (every pueblo, every language): which, the release says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf

from dashboard.address.vocabulary import EVERYONE, MUNICIPIO
from dashboard.figures.measures import Change, Gap, Quantity, Ratio, Remainder, Unaskable
from dashboard.figures.queries import Data
from dashboard.figures.tiers import Tier, tiers
from dashboard.indicators.model import Indicator
from dashboard.indicators.padron import CENSUS_20

#: What is grouped by must be seen somewhere: at least so many of every hundred people, in some municipio.
LEAST = 1.0
#: The names of the two counts of a characteristic, in every file.
PART, WHOLE = "habitantes_con_la_caracteristica", "habitantes"
INHABITANTS = "habitantes"
#: The column of a table of the census with how many people there are.
COUNTED = "poblacion"


def _counted(table: str, title: str, **conditions: str | tuple[str, ...]) -> Quantity:
    return Quantity(PART, title, ((table, COUNTED),)).at(**conditions)


def _base(table: str, title: str) -> Quantity:
    return Quantity(WHOLE, title, ((table, COUNTED),))


@dataclass(frozen=True)
class Characteristic:
    """How a place is: how many of every hundred of its `base` («habitantes») `are` so («son de pueblo maya»).

    `noun` follows «donde hay más» («población maya»); `who` are the people of whom places say nothing («las personas de
    pueblo maya»). One `shown` is beside any other on the page.
    """

    name: str
    heading: str
    noun: str
    base: str
    are: str
    who: str
    measure: Ratio
    shown: bool = True
    called: str = ""

    @property
    def title(self) -> str:
        """Its name in a list: how it is `called` or, if nothing, its noun."""
        words = self.called or self.noun
        return f"{words[:1].upper()}{words[1:]}"


@dataclass(frozen=True)
class Family:
    """The characteristics that one column of a table gives, one for each of its values but those `left_out`: in the words,
    {} is the label of the value; `nouns` has those that are said otherwise.
    """

    name: str
    heading: str
    table: str
    column: str
    base: str
    noun: str
    are: str
    who: str
    whole: Quantity
    called: str = ""
    nouns: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def each(self, data: Data) -> Iterator[Characteristic]:
        """One for each value that the release has and that tells its municipios apart; Unaskable without such a column."""
        sums = data.sums((self.whole,), EVERYONE)
        wholes = {code: count for code in data.territories.municipios if (count := sums[code][self.whole.name])}
        highest = dict.fromkeys(data.labels(self.table, self.column), 0.0)
        for row in data.records(self.table):
            value, share = row[self.column], 100 * (row[COUNTED] or 0) / wholes.get(row["codigo_municipio"], inf)
            highest[value] = max(highest.get(value, 0.0), share)
        for value, label in data.labels(self.table, self.column).items():
            if value in self.left_out or highest[value] < LEAST:
                continue
            word = label.lower()
            title = f"Habitantes que {self.are.format(word)}"
            yield Characteristic(
                f"{self.name}-{value}".replace("_", "-"),
                self.heading,
                self.nouns.get(value, self.noun.format(word)),
                self.base,
                self.are.format(word),
                self.who.format(word),
                Ratio(_counted(self.table, title, **{self.column: value}), self.whole),
                value in self.shown,
                self.called.format(word),
            )


PUEBLO, READING, AREA, AGES, LANGUAGE, COMMUNITY = (
    "Pueblo",
    "Lectura y escritura",
    "Dónde viven",
    "Mujeres y edades",
    "Idioma materno",
    "Comunidad lingüística",
)
CENSUS = "censo_2018"
SINGLE = (
    Characteristic(
        "no-lee-ni-escribe",
        READING,
        "población que no lee ni escribe",
        "habitantes de 7 años y más",
        "no leen ni escriben",
        "las personas que no leen ni escriben",
        Ratio(
            _counted(f"{CENSUS}_alfabetismo", "Habitantes que no leen ni escriben", alfabetismo="analfabeta"),
            _base(f"{CENSUS}_alfabetismo", "Habitantes de 7 años y más"),
        ),
    ),
    Characteristic(
        "area-urbana",
        AREA,
        "población urbana",
        INHABITANTS,
        "viven en área urbana",
        "las personas que viven en área urbana",
        Ratio(
            _counted(f"{CENSUS}_area", "Habitantes que viven en área urbana", area="urbana"),
            _base(f"{CENSUS}_area", "Habitantes"),
        ),
    ),
    Characteristic(
        "mujeres",
        AGES,
        "mujeres",
        INHABITANTS,
        "son mujeres",
        "las mujeres",
        Ratio(_counted(f"{CENSUS}_sexo", "Mujeres", sexo="mujeres"), _base(f"{CENSUS}_sexo", "Habitantes")),
    ),
    Characteristic(
        "jovenes-20-29",
        AGES,
        "población de 20 a 29 años",
        "habitantes de 20 años y más",
        "tienen de 20 a 29 años",
        "las personas de 20 a 29 años",
        Ratio(
            _counted(f"{CENSUS}_edad", "Habitantes de 20 a 29 años", edad_quinquenal=("20_24", "25_29")),
            CENSUS_20.called(WHOLE, "Habitantes de 20 años y más"),
        ),
    ),
    Characteristic(
        "mayores-70",
        AGES,
        "población de 70 años y más",
        "habitantes de 20 años y más",
        "tienen 70 años o más",
        "las personas de 70 años y más",
        Ratio(
            _counted(
                f"{CENSUS}_edad",
                "Habitantes de 70 años y más",
                edad_quinquenal=("70_74", "75_79", "80_84", "85_89", "90_94", "95_99", "100_mas"),
            ),
            CENSUS_20.called(WHOLE, "Habitantes de 20 años y más"),
        ),
    ),
)
DECLARED: Sequence[Family | Characteristic] = (
    Family(
        "pueblo",
        PUEBLO,
        f"{CENSUS}_pueblo",
        "pueblo",
        INHABITANTS,
        "población de pueblo {}",
        "son de pueblo {}",
        "las personas de pueblo {}",
        _base(f"{CENSUS}_pueblo", "Habitantes"),
        nouns={
            "maya": "población maya",
            "garifuna": "población garífuna",
            "xinka": "población xinka",
            "afrodescendiente": "población afrodescendiente, creole o afromestiza",
            "ladino": "población ladina",
            "extranjera": "población extranjera",
        },
        shown=("maya",),
    ),
    *SINGLE,
    Family(
        "idioma",
        LANGUAGE,
        f"{CENSUS}_idioma_materno",
        "idioma",
        "habitantes de 4 años y más",
        "población de idioma materno {}",
        "son de idioma materno {}",
        "las personas de idioma materno {}",
        _base(f"{CENSUS}_idioma_materno", "Habitantes de 4 años y más"),
        called="idioma materno {}",
        left_out=("otro", "no_habla"),
        shown=("espanol",),
    ),
    Family(
        "comunidad",
        COMMUNITY,
        f"{CENSUS}_comunidad_linguistica",
        "comunidad_linguistica",
        INHABITANTS,
        "población de la comunidad lingüística {}",
        "son de la comunidad lingüística {}",
        "las personas de la comunidad lingüística {}",
        # The table counts those of maya pueblo only: its base is everybody.
        _base(f"{CENSUS}_pueblo", "Habitantes"),
        called="comunidad lingüística {}",
    ),
)


def offered(data: Data) -> Mapping[str, Characteristic]:
    """The characteristics that the release has figures of, by name."""
    return data.once(("characteristics",), lambda: {item.name: item for item in _found(data)})


def _found(data: Data) -> Iterator[Characteristic]:
    for declared in DECLARED:
        with suppress(Unaskable):  # the release may lack the table, or the column
            if isinstance(declared, Family):
                yield from declared.each(data)
            elif data.crosses(declared.measure, ()):
                yield declared


def characteristic(data: Data, name: str) -> Characteristic:
    """The one called `name`; Unaskable when the release has no such, or none at all."""
    found = offered(data)
    if name not in found:
        raise Unaskable("no hay ningún censo por municipio con que agrupar los lugares")
    return found[name]


def grouped(data: Data, characteristic: Characteristic) -> tuple[Tier, ...]:
    """The municipios of the release in tiers with as many people each, from those with least of a characteristic."""
    return data.once(("tiers", characteristic.name), lambda: tiers_of(data, characteristic.measure))


def tiers_of(data: Data, share: Ratio) -> tuple[Tier, ...]:
    """The municipios of the release in tiers by a share."""
    sums = data.sums(share.quantities, EVERYONE)
    municipios = [code for code in sums if data.territories.level(code) == MUNICIPIO]
    parts, wholes = ({code: sums[code][item.name] for code in municipios} for item in share.quantities)
    return tiers(parts, wholes)


def comparable(indicator: Indicator) -> bool:
    """Whether an indicator can be set side by side for places of any size, of everybody who lives in them: no count is, and
    neither is what sets a group against others.
    """
    of_everybody = all(quantity.whose is None for quantity in indicator.measure.quantities)
    return (
        isinstance(indicator.measure, Ratio | Remainder | Gap | Change)
        and of_everybody
        and not indicator.only_municipios
    )
