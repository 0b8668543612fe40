"""What manifest.json says, by the names that it has in it."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class SourceFacts(TypedDict):
    """A source, as a reader is told about it; the cut-off is ISO, and `corte_texto` its words when it is no exact day.

    `periodo` is how often a new one is expected (`etl.release.periods`); many sources do not say. `clave` is what rows call it
    (older releases had none), and `transcrita_por`, who copied it by hand, when that is a third party.
    """

    titulo: str
    editor: str
    url: str
    licencia: str
    licencia_url: str
    corte: str
    corte_texto: str | None
    confianza: str
    nota: str | None
    periodo: NotRequired[str]
    clave: NotRequired[str]
    transcrita_por: NotRequired[str]


class FileFacts(TypedDict):
    """A file of the release; `tabla` and `filas` are those of its table, None for a file that is not one.

    Its licence is that of its figures (`licencia_id` is its SPDX identifier); those of its sources are theirs. Older releases
    had no `cita`.
    """

    nombre: str
    dataset: str
    tabla: str | None
    titulo: str
    descripcion: str
    formato: str
    filas: int | None
    bytes: int
    sha256: str
    licencia: str
    licencia_url: str
    licencia_id: NotRequired[str]
    cita: NotRequired[str]
    corte: str
    confianza: str
    fuentes: list[SourceFacts]


class RejectionFacts(TypedDict):
    """How many rows of the sources of a dataset were not loaded for one reason."""

    motivo: str
    filas: int


class LossFacts(TypedDict):
    """What protection hides of one figure in one cross of a cube, in cells and in people.

    `corte` (ISO) and `eleccion` («» when it is of none) say of which part of the cube; older releases had one only.
    """

    cruce: str
    cifra: str
    celdas: int
    celdas_ocultas: int
    personas: int
    personas_en_celdas_ocultas: int
    corte: NotRequired[str]
    eleccion: NotRequired[str]


class CorrectionFacts(TypedDict):
    """An error of a source that was corrected as data.

    When people were counted again, `cuenta` says which count that was (an election, or the cut-off of the registry) and
    `sustituye` the releases that had told it otherwise.
    """

    archivo: str
    que: str
    por_que: str
    reporta: str
    cuenta: NotRequired[str]
    sustituye: NotRequired[list[str]]


class Losses(TypedDict, total=False):
    """What the manifest says of some datasets only: of cubes, what is lost; of those with a topic, which."""

    utilidad: list[LossFacts]
    tema: str


class DatasetFacts(Losses):
    """A dataset: what was read and loaded of its sources, and what was done with it. Older releases had no `tema`."""

    nombre: str
    titulo: str
    descripcion: str
    tablas: list[str]
    filas_leidas: int
    filas_cargadas: int
    filas_rechazadas: list[RejectionFacts]
    control_de_divulgacion: str
    correcciones: list[CorrectionFacts]
    fuentes: list[SourceFacts]


class InputFacts(TypedDict):
    """A file that the release was made from."""

    dataset: str
    archivo: str
    sha256: str
    filas: int


class NoticeFacts(TypedDict):
    """A known anomaly that is published as it is, and the codes of the places that it is about."""

    dataset: str
    mensaje: str
    territorios: list[str]


class EarlierFacts(TypedDict):
    """An earlier release with cubes, and the SHA-256 of its manifest."""

    publicacion: str
    sha256: str


class Mark(TypedDict, total=False):
    """What only some releases say: that their people are invented, how many they are, and how many of the registry they
    stand for; and, of those with cubes of real people, the earlier ones, because what they published stays published.
    """

    sintetica: bool
    inventadas: int
    representan: int
    anteriores: list[EarlierFacts]


class Content(Mark):
    """What a release holds: its name is made from it."""

    version_codigo: str
    datasets: list[DatasetFacts]
    archivos: list[FileFacts]
    entradas: list[InputFacts]
    advertencias: list[NoticeFacts]


class Manifest(Content):
    """The manifest of a release: its name and what it holds."""

    publicacion: str
