"""The command line: `python -m etl`. Names and help are here; the module of a command is imported when it is called.

Exit code 0 when there is a release (or there could be one), 1 when there is any problem: every one is printed; the
others are in `etl.commands.output.Exit`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from etl.release.spoken import speak

if TYPE_CHECKING:
    from typer._click import Command, Context

speak()
# pandera loads Spark's own pandas where the extra «spark» is, and it complains of ours; nothing of it is used.
warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)


class Place(NamedTuple):
    """Where a command is (a function of its own name in a module of `etl.commands`) and what its help says."""

    module: str
    help: str


#: In the order in which they are listed.
COMMANDS: Mapping[str, Place] = {
    "microdata": Place(
        "microdata",
        "Cuenta el padrón persona por persona y deja los cubos en una carpeta privada, listos para proteger y publicar.",
    ),
    "demo": Place(
        "microdata",
        "Inventa un padrón de nadie, hace todo con él y publica el resultado, marcado como sintético, en su propia carpeta.",
    ),
    "auditar": Place(
        "audit", "Intenta deducir cada celda confidencial con todo lo publicado. Sale con código 1 si alguna se deduce."
    ),
    "build": Place(
        "publish", "Lee, verifica, protege y publica todo. Ante cualquier problema no publica nada y sale con código 1."
    ),
    "check": Place("publish", "Hace todo lo de «build» menos publicar. Ante cualquier problema sale con código 1."),
    "diff": Place(
        "publish",
        "Dice qué cambiaría al publicar, por territorio y grupo, sin publicar. Sale con código 4 si algo parece mal.",
    ),
    "vista-previa": Place(
        "preview",
        "Muestra el sitio como quedaría, en un puerto de esta máquina, con lo que cambia en cada página. No publica nada.",
    ),
    "publish": Place(
        "publish",
        "Construye, muestra qué cambia, pregunta y publica. Códigos de salida: 0 publicado o sin cambios; 1 problemas; "
        "2 orden mal escrita; 3 otra publicación en curso; 4 movimientos sospechosos o no se confirmó; "
        "5 el historial no responde.",
    ),
    "corregir": Place(
        "recount", "Anota por qué una cuenta de personas sustituye a otra que se publicó mal. El motivo se publica."
    ),
    "rollback": Place("publish", "Vuelve a una publicación anterior, tal como era. La que se deja sigue guardada."),
    "retirar": Place(
        "withdraw",
        "Retira una publicación anterior que salió mal: su dirección sigue respondiendo y dice por qué. No borra nada.",
    ),
    "analisis": Place(
        "analyses",
        "Pone en el sitio los análisis de otros que declara data/analisis, con sus archivos. Lo que esté mal escrito lo dice, y "
        "entonces no cambia nada.",
    ),
    "history": Place("publish", "Dice qué se publicó, quién, cuándo y con qué archivos."),
    "avisar": Place(
        "alert",
        "Envía lo que llega por la entrada, por correo o con una orden: para OnFailure= y para probar el correo.",
    ),
    "fuente": Place(
        "deliver",
        "Pone en su lugar una entrega nueva de una fuente, después de revisarlo todo con ella. No publica.",
    ),
}


def command(name: str) -> TyperCommand:
    """The command called `name`, with its options: imports its module. KeyError if there is none."""
    place = COMMANDS[name]
    alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    alone.command(name, help=place.help)(getattr(import_module(f"etl.commands.{place.module}"), name.replace("-", "_")))
    made = get_command(alone)
    assert isinstance(made, TyperCommand)
    return made


class OnDemand(TyperGroup):
    """A group whose own commands are a name and a line of help: the one that is called takes the place of its line."""

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """The name, the command with its module imported, and the rest of the arguments."""
        name, listed, rest = super().resolve_command(ctx, args)
        return name, command(name) if name else listed, rest


def _listed() -> None:
    """What a command is until it is called."""


app = typer.Typer(
    cls=OnDemand,
    help="Construye la publicación de Padrón Abierto a partir de los archivos de las fuentes.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _how_much(
    completo: Annotated[
        bool, typer.Option("--completo", help="Decir todos los problemas, uno por línea, y no uno por causa.")
    ] = False,
) -> None:
    """Construye la publicación de Padrón Abierto a partir de los archivos de las fuentes."""
    output = import_module("etl.commands.output")
    output.shown.whole = completo
    try:
        import_module("etl.pipeline.clock").today()
    except ValueError as error:
        output.fail(str(error))


for _name, _place in COMMANDS.items():
    app.command(_name, help=_place.help)(_listed)

if __name__ == "__main__":
    from etl.commands.hearing import never_stop_for_the_output

    never_stop_for_the_output()
    app()
