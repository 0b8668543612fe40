"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Origin = Annotated[Path, typer.Option("--origen", help="Carpeta con una subcarpeta por dataset.")]
Destination = Annotated[Path, typer.Option("--destino", help="Carpeta donde se guardan las publicaciones.")]
HistoryUrl = Annotated[
    str | None,
    typer.Option(
        "--historial",
        envvar="PADRON_HISTORIAL",
        help="Base de datos del historial, como URL de SQLAlchemy; si falta, un SQLite en la carpeta de destino.",
    ),
]
Cubes = Annotated[
    Path, typer.Option("--cubos", help="Carpeta privada con los cubos que dejó «microdata»; se protegen y se publican.")
]
ORIGIN = Path("data/source")
CUBES = Path("data/cubos")
DESTINATION = Path("data/release")
