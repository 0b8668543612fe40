"""What a maintainer runs when a new edition of the boundaries appears.

`python -m etl.geometry importar RUTA.shp` for Guatemala, `importar-eeuu ESTADOS PAISES` for the United States.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated

import geopandas
import numpy as np
import shapely
import typer

from etl.geometry import GeometryError
from etl.geometry.source import TOLERANCE, import_shapefile, import_states

TARGET = Path("data/source/limites/limites_cod_ab_adm2.parquet")
STATES_TARGET = Path("data/source/limites_eeuu/estados_ne_110m.parquet")

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
    typer.echo(f"Tolerancia {TOLERANCE:.0f} m.")
    _tell(kept, destino)


@app.command("importar-eeuu")
def importar_eeuu(
    estados: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Natural Earth 110m, admin_1.")],
    paises: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Natural Earth 110m, admin_0.")],
    destino: Annotated[Path, typer.Option(help="Archivo GeoParquet que se escribe.")] = STATES_TARGET,
) -> None:
    """Guarda compactos los estados de los Estados Unidos y Puerto Rico (Natural Earth 1:110m)."""
    try:
        kept = import_states(estados, paises, destino)
    except GeometryError as error:
        typer.echo(f"No se importó nada: {error}", err=True)
        raise typer.Exit(1) from error
    _tell(kept, destino)


def _tell(kept: geopandas.GeoDataFrame, target: Path) -> None:
    vertices = int(shapely.get_num_coordinates(np.asarray(kept.geometry.values)).sum())
    typer.echo(f"{target}: {len(kept)} polígonos, {vertices:,} vértices")
    typer.echo(f"{target.stat().st_size:,} bytes, sha256 {hashlib.sha256(target.read_bytes()).hexdigest()}")
    typer.echo(f"Anote este sha256 en {target.parent / 'fuente.toml'}.")


if __name__ == "__main__":
    app()
