"""`python -m etl auditar`: the attack on a release as anybody would make it, with nothing but the files it publishes."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from etl.commands.output import say
from etl.cubes.audit import audit_releases
from etl.disclosure.tables import TablesError
from etl.release import Release, ReleaseError

SHOWN = 20


def auditar(
    publicacion: Annotated[
        Path, typer.Argument(metavar="PUBLICACIÓN", help="Carpeta de la publicación.", show_default=True)
    ] = Path("data/release/current"),
    anterior: Annotated[
        Path | None, typer.Option("--anterior", help="Publicación anterior: cuenta si es del mismo corte.")
    ] = None,
) -> None:
    """Try to work out every confidential cell from all that is published; exit code 1 when one is."""
    start = perf_counter()
    try:
        releases = [Release.open(path) for path in (publicacion, anterior) if path]
        audits = audit_releases(releases, lambda words: say(f"  {words}"))
    except (ReleaseError, TablesError) as error:
        say(f"No se pudo auditar: {error}")
        raise typer.Exit(1) from None
    for names, audit in audits:
        say(f"{', '.join(names)}: {audit.hidden:,} celdas confidenciales, {len(audit.exposed):,} deducibles")
        for item in audit.exposed[:SHOWN]:
            how = "exactamente" if item.exactly else f"a menos de {item.threshold} personas"
            say(f"- {' · '.join(item.cell.values()) or 'total'}: se deduce {how}")
    if not audits:
        say("La publicación no tiene cubos con celdas confidenciales.")
    say(f"Auditoría en {perf_counter() - start:.1f} s.")
    if any(audit.exposed for _, audit in audits):
        raise typer.Exit(1)
