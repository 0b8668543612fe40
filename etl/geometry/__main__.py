"""`python -m etl.geometry importar RUTA.shp`: what a maintainer runs when a new edition of the boundaries appears."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import numpy as np
import shapely
import typer

from etl.geometry import GeometryError
from etl.geometry.source import TOLERANCE, import_shapefile

TARGET = Path("data/source/limites/limites_cod_ab_adm2.parquet")

app = typer.Typer(add_completion=False, help="Límites municipales: importación de la fuente.")


@app.callback()
def geometry() -> None:
    """Límites municipales: importación de la fuente."""


@app.command()
def importar(
    origen: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Shapefile COD-AB ADM2 de Guatemala.")],
    destino: Annotated[Path, typer.Option(help="Archivo GeoParquet que se escribe.")] = TARGET,
) -> None:
    """Generaliza el shapefile de la fuente y lo guarda compacto, con los códigos y nombres tal como vienen."""
    try:
        kept = import_shapefile(origen, destino)
    except GeometryError as error:
        typer.echo(f"No se importó nada: {error}", err=True)
        raise typer.Exit(1) from error
    vertices = int(shapely.get_num_coordinates(np.asarray(kept.geometry.values)).sum())
    typer.echo(f"{destino}: {len(kept)} polígonos, {vertices:,} vértices, tolerancia {TOLERANCE:.0f} m")
    typer.echo(f"{destino.stat().st_size:,} bytes, sha256 {hashlib.sha256(destino.read_bytes()).hexdigest()}")
    typer.echo("Declare este sha256 en etl/datasets/limites.py.")


if __name__ == "__main__":
    app()
