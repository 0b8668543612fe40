"""The command `analisis`: what others published with the figures is listed on the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from etl.commands.options import DESTINATION, Destination
from etl.commands.output import Exit, console, fail, say
from etl.publish.analyses import Problems, publish, read
from etl.release import LockedError, ReleaseError, only_one, reason, releases
from etl.release.register import read_register

ANALYSES = Path("data/analisis")
UNTOUCHED = "No cambió nada: el sitio sigue mostrando los de antes."


def analisis(
    origen: Annotated[
        Path, typer.Option("--origen", help="Carpeta con un .toml por análisis y los archivos que nombran.")
    ] = ANALYSES,
    destino: Destination = DESTINATION,
) -> None:
    """List the analyses that a folder declares; with anything wrong, say all of it and change nothing."""
    if not origen.is_dir():
        fail(f"no existe la carpeta {origen}")
    try:
        with only_one(destino):
            _list(origen, destino)
    except LockedError as error:
        fail(str(error), Exit.LOCKED)
    except ReleaseError as error:
        fail(f"{error}. {UNTOUCHED}")
    except OSError as error:
        fail(f"no se pudo escribir en {destino}: {reason(error)}. {UNTOUCHED}")


def _list(origin: Path, destination: Path) -> None:
    problems = Problems()
    found = read(origin, {*releases(destination), *read_register(destination)}, problems)
    if problems.found:
        for text in problems.found:
            console.print(f"  · {text}", style="red", markup=False, highlight=False)
        fail(f"Hay {len(problems.found)} cosas que corregir en {origin}. {UNTOUCHED}")
    publish(found, origin, destination)
    say(f"El sitio lista {len(found)} {'análisis publicado' if len(found) == 1 else 'análisis publicados'}.")
