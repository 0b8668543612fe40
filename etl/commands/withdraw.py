"""The command `retirar`: an older release that came out wrong is served no more, and its address says why."""

from __future__ import annotations

from typing import Annotated

import typer

from etl.commands.options import DESTINATION, Destination, HistoryUrl
from etl.commands.output import fail, say
from etl.commands.publish import working
from etl.publish.change import restore, withdraw

#: Whoever opens an address of before reads it whole.
LONGEST = 500


def retirar(
    publicacion: Annotated[str, typer.Argument(help="La publicación que se retira: 2026-07-12-1a2b3c4d.")],
    motivo: Annotated[
        str,
        typer.Option(
            "--motivo", help="Por qué, en una frase. Se publica en su dirección: sin datos de ninguna persona."
        ),
    ] = "",
    devolver: Annotated[bool, typer.Option("--devolver", help="Servir de nuevo una que se retiró por error.")] = False,
    destino: Destination = DESTINATION,
    historial: HistoryUrl = None,
) -> None:
    """Withdraw a release, or bring one back; recorded in the history. The files stay on the disk in either case."""
    why = " ".join(motivo.split())
    if not devolver and not why:
        fail("--motivo no puede estar vacío: lo lee cualquiera que abra una dirección de esa publicación")
    if len(why) > LONGEST:
        fail(f"--motivo tiene {len(why)} letras y caben {LONGEST}: dígalo en una frase")
    with working(destino, historial) as history:
        if devolver:
            restore(publicacion, destino, history)
        else:
            withdraw(publicacion, why, destino, history)
    if devolver:
        say(f"{publicacion} se sirve de nuevo, tal como era.")
        return
    say(f"Retirada: {publicacion}. Sus direcciones responden 410 con el motivo; sus archivos siguen en el disco.")
    say(f"Para deshacerlo: python -m etl retirar {publicacion} --devolver")
