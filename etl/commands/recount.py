"""The command `corregir`: why a count takes the place of another that was published wrong, written down beside it."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.commands.options import CUBES, DESTINATION, Cubes, Destination
from etl.commands.output import fail, say
from etl.cubes import declared
from etl.cubes.exact import waiting
from etl.cubes.once import told_otherwise
from etl.cubes.public import earlier
from etl.cubes.recounts import note, words
from etl.release import past_of, reason


def corregir(
    cuenta: Annotated[
        str, typer.Argument(help="La carpeta de la cuenta que corrige, en la de los cubos: 2026-09-30.2023-1.")
    ],
    motivo: Annotated[
        str, typer.Option("--motivo", help="Qué estaba mal y por qué. Se publica: sin datos de ninguna persona.")
    ],
    quien: Annotated[str, typer.Option("--quien", help="Quién lo decidió. Se publica.")],
    cubos: Cubes = CUBES,
    destino: Destination = DESTINATION,
) -> None:
    """Write down why a count that waits replaces what was published of it; publishes nothing."""
    if not motivo.strip() or not quien.strip():
        fail("--motivo y --quien no pueden estar vacíos: cualquiera los leerá en la publicación")
    found = {title: exact for title, exact in waiting(cubos).found.items() if exact.folder == cubos / cuenta}
    if not found:
        fail(f"En {cubos} no espera ninguna cuenta llamada {cuenta}")
    past = past_of(destino, [cube.name for cube in declared.CUBES])
    before = earlier(past, [exact.part for exact in found.values()])
    otherwise = told_otherwise(found, past, before)
    if not otherwise:
        fail(f"No hay nada que corregir: lo que se publicó en {destino} no contradice a {cuenta}. Publíquela sin más")
    replaced = sorted({name for item in otherwise for name in item.releases})
    try:
        path = note(cubos / cuenta, motivo.strip(), quien.strip(), replaced)
    except OSError as error:
        fail(f"No se pudo anotar: {reason(error)}")
    say(f"Anotado en {path}: {words(otherwise[0].part)} sustituye lo que dijo {' y '.join(replaced)}.")
    say("Lo publicado sigue siendo público: nadie lo olvida. Revise con «diff» y publique con «publish».")
