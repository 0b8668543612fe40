"""The server: `python -m dashboard --release data/release/current`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI

RELEASE_VARIABLE = "PADRON_RELEASE"


def application() -> FastAPI:
    """The application of one worker process; where the release is comes from the environment its parent set."""
    from dashboard.app import create_app

    return create_app(os.environ[RELEASE_VARIABLE])


def main(
    release: Annotated[Path, typer.Option(help="Carpeta de la publicación que se sirve.")] = Path(
        "data/release/current"
    ),
    host: Annotated[str, typer.Option(help="Dirección en la que se escucha.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Puerto.")] = 8050,
    workers: Annotated[int, typer.Option(help="Procesos que atienden a la vez.", min=1)] = 1,
) -> None:
    """Sirve una publicación en http://HOST:PORT."""
    os.environ[RELEASE_VARIABLE] = str(release)
    # Dash adds a route for every unknown address when the server starts; ours are complete without it.
    uvicorn.run(
        "dashboard.__main__:application",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        lifespan="off",
        log_level="warning",
    )


if __name__ == "__main__":
    typer.run(main)
