"""How open the data of a release is, by the nine principles of open election data of the National Democratic Institute (Open
Election Data Initiative, 2014): each out of twenty points, which are the part of its checks that hold. Every check looks at the
release as it is; what does not hold says what is missing, and whose move it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.commitment.crosses import Availability
from dashboard.figures import freshness
from dashboard.figures.counted import has_shapes
from dashboard.figures.freshness import DatasetAge, Freshness
from dashboard.figures.queries import Data
from dashboard.figures.releases import Known, Standing
from dashboard.words import listing, plural
from etl.country import COUNTRY
from etl.release import FileFacts

#: The points of each principle.
POINTS = 20
#: The licences, of those that a file may have, that the Open Definition takes for open.
OPEN_LICENSES = ("CC-BY-4.0", "CC-BY-3.0-IGO", "dominio-publico")
SOURCE = "https://openelectiondata.net/en/guide/principles/"
OURS, TRIBUNAL = "este sitio", f"el {COUNTRY.tribunal.name}"


@dataclass(frozen=True)
class Check:
    """Something that is asked: whether it holds (in part: from 0 to 1) and, if not, what is missing and whose move it is."""

    asked: str
    held: float
    missing: str = ""
    whose: str = OURS

    @property
    def holds(self) -> bool:
        """Whether all of it does."""
        return self.held >= 1


@dataclass(frozen=True)
class Principle:
    """One of the nine, with its checks."""

    name: str
    asks: str
    checks: tuple[Check, ...]

    @property
    def points(self) -> int:
        """Its points: no check that does not hold is made up for by rounding."""
        return int(POINTS * sum(check.held for check in self.checks) / len(self.checks) + 1e-9)

    @property
    def ours(self) -> int:
        """The points of the part that depends on this site, also out of twenty."""
        own = [check.held for check in self.checks if check.whose == OURS]
        return int(POINTS * sum(own) / len(own) + 1e-9) if own else POINTS


@dataclass(frozen=True)
class Looked:
    """What is looked at: the release with its figures, the sources with their age, the releases that there have been, what the
    commitment asks for and how much of it there is, the formats that every table can be had in, and what others wrote with it.
    """

    data: Data
    ages: Sequence[DatasetAge]
    known: Sequence[Known]
    crosses: Sequence[Availability]
    formats: Sequence[str]
    #: How many analyses others have published.
    analyses: int

    @property
    def files(self) -> Sequence[FileFacts]:
        """The files of the release."""
        return self.data.release.manifest["archivos"]


def looked_at(
    data: Data,
    known: Sequence[Known],
    crosses: Sequence[Availability],
    formats: Sequence[str],
    analyses: int,
    day: date,
) -> Looked:
    """What there is to look at on a day."""
    return Looked(data, freshness.ages(data, None, day), known, crosses, formats, analyses)


def principles(found: Looked) -> tuple[Principle, ...]:
    """The nine, in NDI's order."""
    return tuple(Principle(name, asks, tuple(check(found))) for name, asks, check in PRINCIPLES)


def _timely(found: Looked) -> Iterator[Check]:
    late = [item for item in found.ages if item.deciding.freshness is Freshness.OVERDUE]
    names = listing([f"«{item.dataset['titulo']}»" for item in late[:4]]) + (" y más" if len(late) > 4 else "")
    missing = f"Ya pasó el plazo de {plural(len(late), 'fuente', 'fuentes')}: {names}." if late else ""
    yield Check("Cada fuente se publicó dentro de su plazo", 1 - len(late) / max(1, len(found.ages)), missing, TRIBUNAL)
    dated = [item for item in found.files if item["corte"]]
    yield Check("Cada archivo dice a qué día corresponde", len(dated) / len(found.files))


def _granular(found: Looked) -> Iterator[Check]:
    published = sum(state is Availability.PUBLISHED for state in found.crosses)
    total = len(found.crosses)
    missing = f"De {total} cruces de población que pide el compromiso, {total - published} no están publicados enteros."
    yield Check("El padrón y la participación, por grupo de población", published / max(1, total), missing, TRIBUNAL)
    tables = found.data.tables.values()
    for column, words in (("codigo_municipio", "municipio"), ("mesa", "mesa")):
        any_of = any(column in table.names for table in tables if not has_shapes(table))
        yield Check(f"Hay cifras por {words}, tal como las da la fuente", float(any_of), f"No hay cifras por {words}.")


def _free(found: Looked) -> Iterator[Check]:
    yield Check("Todo se descarga sin pagar, sin registrarse y sin clave", 1)
    with_address = [item for item in found.files if item["nombre"] and item["sha256"]]
    yield Check("Cada archivo tiene su dirección y su huella", len(with_address) / len(found.files))


def _complete(found: Looked) -> Iterator[Check]:
    yield Check("Toda la publicación se baja en un solo archivo", 1)
    tables = [item for item in found.files if item["tabla"]]
    counted = sum(item["filas"] is not None for item in tables)
    yield Check("Cada tabla se baja entera, con tantas filas como dice", counted / max(1, len(tables)))
    places = found.data.territories.municipios
    told = _municipios_with_registry(found.data)
    missing = f"Faltan {plural(len(places) - told, 'municipio', 'municipios')} en el padrón."
    yield Check("El padrón trae todos los municipios", told / max(1, len(places)), missing, TRIBUNAL)


def _municipios_with_registry(data: Data) -> int:
    """How many municipios have a figure in the published registry."""
    for name in ("padron_municipal", "padron_municipal_edad"):
        if name in data.tables:
            codes = {row["codigo_municipio"] for row in data.records(name)}
            return len(codes & set(data.territories.municipios))
    return 0


def _analyzable(found: Looked) -> Iterator[Check]:
    yield Check(
        "Cada tabla se baja como datos (CSV, Parquet, JSON) y no como imagen ni PDF", float(len(found.formats) > 2)
    )
    columns = [item for table in found.data.tables.values() for item in table.columns]
    said = sum(bool(item.title and item.description) for item in columns)
    yield Check("Cada columna está en el diccionario", said / max(1, len(columns)), "Hay columnas sin describir.")
    keyed = sum(bool(table.key) for table in found.data.tables.values())
    yield Check("Cada tabla dice qué identifica sus filas", keyed / max(1, len(found.data.tables)))


def _non_proprietary(found: Looked) -> Iterator[Check]:
    free = {"csv", "json", "jsonl", "parquet"}
    yield Check("Cada tabla se ofrece en un formato que no es de nadie", float(bool(free & set(found.formats))))


def _non_discriminatory(found: Looked) -> Iterator[Check]:
    yield Check("Nadie tiene que decir quién es ni para qué quiere los datos", 1)
    yield Check("Las páginas y programas de otros los pueden leer directamente", 1)


def _license_free(found: Looked) -> Iterator[Check]:
    free = [item for item in found.files if item.get("licencia_id") in OPEN_LICENSES]
    missing = (
        f"{plural(len(found.files) - len(free), 'archivo tiene', 'archivos tienen')} una licencia que no es abierta."
    )
    yield Check("Cada archivo tiene una licencia abierta", len(free) / len(found.files), missing)
    stated = {source["titulo"] for item in found.files for source in item["fuentes"] if not source["licencia_url"]}
    missing = f"{plural(len(stated), 'fuente no dice', 'fuentes no dicen')} con qué condiciones se publica."
    yield Check("Cada fuente dice sus condiciones", float(not stated), missing, TRIBUNAL)


def _permanent(found: Looked) -> Iterator[Check]:
    told = [item for item in found.known if item.standing is not Standing.LOST]
    missing = f"{plural(len(found.known) - len(told), 'publicación', 'publicaciones')} ya no está aquí."
    yield Check(
        "Cada publicación se sigue abriendo, o dice por qué se retiró", len(told) / max(1, len(found.known)), missing
    )
    yield Check("La dirección de un archivo da siempre los mismos bytes", 1)


PRINCIPLES: tuple[tuple[str, str, Callable[[Looked], Iterator[Check]]], ...] = (
    ("Oportunos", "Se publican a tiempo para que sirvan.", _timely),
    ("Detallados", "Se publican con el mayor detalle que hay.", _granular),
    ("Gratis en internet", "Cualquiera los encuentra y los baja sin pagar.", _free),
    ("Completos y en bloque", "Está todo, y se puede bajar de una vez.", _complete),
    ("Analizables", "Una máquina los lee como datos.", _analyzable),
    ("En formatos sin dueño", "Ningún programa de pago hace falta para abrirlos.", _non_proprietary),
    ("Para todos por igual", "Nadie tiene que identificarse ni pedir permiso.", _non_discriminatory),
    ("Con licencia libre", "Se pueden usar y volver a publicar para lo que sea.", _license_free),
    ("Permanentes", "Su dirección no cambia y no desaparecen.", _permanent),
)


# --- The commitment -------------------------------------------------------------------------------------------------------

CIVIL = "las organizaciones de la sociedad civil"
ABROAD_RESIDENCE = "extranjero"


def commitment(found: Looked, states: Sequence[tuple[str, str, Availability]]) -> tuple[Check, ...]:
    """What the commitment says, part by part. `states` are its crosses: what is counted, of whom, and how much is published."""
    return (
        _crossed("El padrón, por grupo de población", [one[2] for one in states if one[0] == "padron"]),
        _crossed("La participación, por grupo de población", [one[2] for one in states if one[0] == "participacion"]),
        _crossed("También de quienes viven en el extranjero", [one[2] for one in states if one[1] == ABROAD_RESIDENCE]),
        _as_open_data(found),
        Check("En un sitio accesible para todas las personas", 1),
        _held(found, "procedimientos", "Cómo inscribirse y votar desde el extranjero"),
        _analysed(found),
        Check(
            "Un espacio donde se estudien propuestas para proteger los datos, con su informe",
            0,
            "Este sitio todavía no tiene esa página.",
        ),
    )


def _crossed(asked: str, states: Sequence[Availability]) -> Check:
    published = sum(state is Availability.PUBLISHED for state in states)
    missing = f"Están publicados {published} de {len(states)} cruces."
    return Check(asked, published / max(1, len(states)), missing, TRIBUNAL)


def _as_open_data(found: Looked) -> Check:
    lacking = [item.name for item in principles(found) if item.ours < POINTS]
    missing = f"Le faltan puntos a este sitio en: {listing(lacking)}." if lacking else ""
    return Check("Como datos abiertos", 1 - len(lacking) / len(PRINCIPLES), missing)


def _analysed(found: Looked) -> Check:
    missing = "Todavía no se ha publicado ninguno; el sitio trae con qué escribirlo."
    return Check("Un análisis hecho por la sociedad civil", float(found.analyses > 0), missing, CIVIL)


def _held(found: Looked, table: str, asked: str) -> Check:
    return Check(asked, float(table in found.data.tables), "Esta publicación no los trae.", TRIBUNAL)
