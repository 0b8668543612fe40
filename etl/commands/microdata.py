"""`python -m etl microdata`: what a person types and reads. Nothing printed here holds a value of a record."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from traceback import extract_tb
from typing import Annotated

import typer

from etl.commands.options import DESTINATION
from etl.commands.output import Exit, console, fail, say, working_on
from etl.commands.runs import refresh_waiting
from etl.cubes.declared import folder_of
from etl.datasets import with_needs
from etl.demo.registry import SEED
from etl.microdata import layout as layouts
from etl.microdata.errors import MicrodataError
from etl.microdata.job import Outcome
from etl.microdata.run import Order, Refused, run
from etl.model import Frames
from etl.pipeline.clock import to_come
from etl.pipeline.run import run as run_pipeline
from etl.release import reason

FOLDER = Path("data/cubos")
CATALOGUES = ("territorio", "territorio_extranjero", "elecciones")

Source = Annotated[
    str,
    typer.Argument(
        metavar="FUENTE",
        help="CSV o texto de ancho fijo, también comprimidos (.gz, .zip), Excel o Parquet; una carpeta de ellos; la "
        "dirección de una base de datos o de un clúster de Spark, o env:VARIABLE que la contenga.",
    ),
]


def microdata(
    fuente: Source,
    corte: Annotated[datetime, typer.Option("--corte", formats=["%Y-%m-%d"], help="Fecha de corte, AAAA-MM-DD.")],
    eleccion: Annotated[
        list[str] | None,
        typer.Option(
            "--eleccion", help="Elección cuya participación se cuenta (se puede repetir).", show_default=False
        ),
    ] = None,
    columnas: Annotated[
        Path, typer.Option("--columnas", help="Archivo TOML que dice qué columna es cada dato.", show_default=False)
    ] = layouts.DEFAULT,
    tabla: Annotated[str | None, typer.Option("--tabla", help="Tabla de la base de datos (esquema.tabla).")] = None,
    consulta: Annotated[str | None, typer.Option("--consulta", help="Consulta SELECT de la base de datos.")] = None,
    maximo: Annotated[
        float | None,
        typer.Option("--max-rechazos", min=0, max=1, help="Parte de las filas, de 0 a 1, que puede rechazarse."),
    ] = None,
    maximo_desconocidos: Annotated[
        float | None,
        typer.Option(
            "--max-desconocidos",
            min=0,
            max=1,
            help="Parte de las filas, de 0 a 1, que puede quedar «sin dato» en una columna porque nadie declaró su valor.",
        ),
    ] = None,
    origen: Annotated[Path, typer.Option("--origen", help="Carpeta con los catálogos de territorio.")] = Path(
        "data/source"
    ),
    destino: Annotated[Path, typer.Option("--cubos", help="Carpeta privada donde quedan los cubos exactos.")] = FOLDER,
) -> None:
    """Count the registry person by person and leave the exact cubes in a private folder."""
    if wrong := to_come(corte.date()):
        fail(f"--corte {corte:%Y-%m-%d}: {wrong}", Exit.USAGE)
    start = perf_counter()
    day, elections = corte.date(), tuple(eleccion or ())
    folder = destino / day.isoformat()
    order = Order(fuente, day, folder, elections, columnas, tabla, consulta, maximo, maximo_desconocidos)
    with explained(), working_on() as doing:
        outcome = run(order, territory(origen), doing)
    show(outcome)
    left = [folder, *(folder_of(folder, election) for election in dict.fromkeys(elections) if outcome.of(election)[0])]
    say(f"Cubos exactos, sin proteger, en {' y '.join(map(str, left))}: no salen de esta máquina.")
    if destino == FOLDER:
        refresh_waiting(DESTINATION, origen, destino)
    console.print(f"[green]Listo[/green] en {perf_counter() - start:.1f} s.")


def territory(origin: Path) -> Frames:
    """The catalogues of municipios, of places abroad and of elections."""
    if not origin.is_dir():
        raise MicrodataError(f"no existe la carpeta de origen {origin}")
    result = run_pipeline(with_needs(CATALOGUES), origin)
    if result.problems:
        raise MicrodataError(f"los catálogos de lugares y elecciones tienen problemas: {result.problems[0].message}")
    return result.tables


def show(outcome: Outcome) -> None:
    """The account of rows and the size of each cube."""
    account = outcome.account
    rejected = account.read - account.loaded
    say(f"Filas leídas: {account.read:,} = cargadas {account.loaded:,} + rechazadas {rejected:,}")
    for line in outcome.told:
        say(f"- {line}")
    for notice in outcome.notices:
        say(f"Aviso: {notice}")
    for count, frame in outcome.made:
        say(f"{count.name}: {len(frame):,} celdas")


@contextmanager
def explained() -> Iterator[None]:
    """Whatever goes wrong is one sentence and exit code 1; an error of ours says where, never with which values."""
    try:
        yield
    except Refused as error:
        say(f"Se detuvo: {error}. No se hizo ningún cubo.")
        for line in error.lines:
            say(f"- {line}")
        raise typer.Exit(1) from None
    except MicrodataError as error:
        say(f"No se hizo nada: {error}")
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, typer.Exit):
        raise
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        say(f"No se hizo nada: el sistema no dejó leer o escribir{where} ({reason(error)})")
        raise typer.Exit(1) from None
    except MemoryError:
        say("No se hizo nada: no hay memoria suficiente")
        raise typer.Exit(1) from None
    except (
        Exception
    ) as error:  # the message of an unforeseen error may quote a record: only its kind and place are said
        last = extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}:{last.lineno}"
        say(f"No se hizo nada: error interno {type(error).__name__} en {place}. Avise a quien mantiene el programa.")
        raise typer.Exit(1) from None


def demo(
    personas: Annotated[
        int | None,
        typer.Option("--personas", min=1000, help="Cuántas personas inventar.", show_default="las del padrón"),
    ] = None,
    semilla: Annotated[int, typer.Option("--semilla", help="La misma semilla inventa a las mismas personas.")] = SEED,
    origen: Annotated[Path, typer.Option("--origen", help="Carpeta con los datos publicados.")] = Path("data/source"),
    carpeta: Annotated[Path, typer.Option("--carpeta", help="Carpeta de la demostración.")] = Path("data/demo"),
    solo_registro: Annotated[bool, typer.Option("--solo-registro", help="Inventar el registro y nada más.")] = False,
) -> None:
    """Invent a registry, do everything with it and publish the result, marked as synthetic, in a folder of its own."""
    from etl.demo.release import demonstrate, write_registry

    start = perf_counter()
    with explained(), working_on() as doing:
        if not origen.is_dir():
            raise MicrodataError(f"no existe la carpeta de origen {origen}")
        if solo_registro:
            path = carpeta / "registro_sintetico.parquet"
            count, _ = write_registry(
                origen, path, personas, semilla, lambda n: doing(f"Inventando el registro: {n:,}")
            )
        else:
            made = demonstrate(origen, carpeta, personas, semilla, doing)
    if solo_registro:
        say(f"Registro sintético de {count:,} personas inventadas: {path}")
    else:
        newest, *others = made.outcomes
        show(newest)
        for outcome in others:  # of the same people: that no election is counted again needs no notice
            show(replace(outcome, notices=()))
        say(f"Publicación SINTÉTICA {made.release.id} de {made.people:,} personas inventadas: {made.release.root}")
    console.print(f"[green]Listo[/green] en {perf_counter() - start:.1f} s.")
