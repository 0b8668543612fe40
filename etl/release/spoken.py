"""What a command line says by itself (its usage, its errors, the headings of its help), in Spanish.

The library has these words in English inside its code: this is the only place that knows them.
"""

from __future__ import annotations

import re

from typer import core, rich_utils
from typer._click import exceptions, formatting
from typer._click.core import Command, Context

#: What the library says -> what a person reads; the parts between parentheses are kept.
SENTENCES: tuple[tuple[str, str], ...] = (
    (r"Missing argument '(.*)'\.?", r"falta decir «\1»"),
    (r"Missing option '(.*)'\.?", r"falta la opción \1"),
    (r"Missing command\.", "falta decir qué orden"),
    (r"No such command '([^']*)'\.?", r"no hay ninguna orden «\1»"),
    (r"No such command '([^']*)'\. Did you mean (.*)\?", r"no hay ninguna orden «\1»: ¿quiso decir \2?"),
    (r"No such option: (\S+)(?: \(Possible options: (.*)\))?", r"no hay ninguna opción \1"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", r"sobra lo que sigue: \1"),
    (r"Option '(.*)' requires an argument\.", r"a la opción \1 le falta su valor"),
    (r"Option '(.*)' requires (\d+) arguments\.", r"a la opción \1 le faltan valores: son \2"),
    (r"Option '(.*)' does not take a value\.", r"la opción \1 no lleva valor"),
    (r"Argument '(.*)' takes (\d+) values\.", r"«\1» lleva \2 valores"),
    (r"'(.*)' does not match the formats? .*", r"«\1» no es una fecha AAAA-MM-DD"),
    (r"'(.*)' is not one of (.*)\.", r"«\1» no está entre: \2"),
    (r"Input should be a valid integer.*", "se esperaba un número entero"),
    (r"Input should be a valid (?:number|decimal).*", "se esperaba un número"),
    (r"Input should be a valid boolean.*", "se esperaba true o false"),
    (r"Input should be greater than or equal to (.*)", r"tiene que ser \1 o más"),
    (r"Input should be less than or equal to (.*)", r"tiene que ser \1 o menos"),
    (r"Input should be greater than (.*)", r"tiene que ser más de \1"),
    (r"Input should be less than (.*)", r"tiene que ser menos de \1"),
    (r"\w+ '(.*)' does not exist\.", r"«\1» no existe"),
    (r"\w+ '(.*)' is a file\.", r"«\1» es un archivo"),
    (r"\w+ '(.*)' is a directory\.", r"«\1» es una carpeta"),
    (r"\w+ '(.*)' is not (?:readable|writable)\.", r"no hay permiso para usar «\1»"),
)
TYPES = {
    "path": "ruta",
    "str": "texto",
    "int": "número",
    "int range": "número",
    "float": "número",
    "float range": "número",
    "bool": "",
    "%y-%m-%d": "AAAA-MM-DD",
}
HELP, USAGE, NOT_VALID = "Muestra esta ayuda y termina.", "Uso: ", "no es un valor que se acepte"


def sentence(message: str) -> str:
    """A message of the library in Spanish; one that is not known says only that the order is not well written."""
    if found := re.fullmatch(r"Invalid value(?: for '?(.*?)'?)?: (?:Value error, )?(.*)", message, re.DOTALL):
        return f"{found[1]}: {_known(found[2]) or NOT_VALID}" if found[1] else _known(found[2]) or NOT_VALID
    return _known(message) or "la orden no está bien escrita"


def _known(message: str) -> str | None:
    for english, spanish in SENTENCES:
        if found := re.fullmatch(english, message.strip(), re.DOTALL):
            return found.expand(spanish)
    return None


def speak() -> None:
    """Make every command line of this process say it all in Spanish."""
    rich_utils.ARGUMENTS_PANEL_TITLE, rich_utils.OPTIONS_PANEL_TITLE = "Lo que se le da", "Opciones"
    rich_utils.COMMANDS_PANEL_TITLE, rich_utils.ERRORS_PANEL_TITLE = "Órdenes", "La orden no se entendió"
    rich_utils.ABORTED_TEXT, rich_utils.REQUIRED_LONG_STRING = "Se interrumpió.", "[obligatorio]"
    rich_utils.DEFAULT_STRING, rich_utils.ENVVAR_STRING = "[si falta: {}]", "[variable de entorno: {}]"
    rich_utils.RICH_HELP = "Vea cómo se usa con [blue]{command_path} {help_option}[/]"
    for place, name, spoken in _SPOKEN:
        setattr(place, name, spoken)


_usage = formatting.HelpFormatter.write_usage
_help_option = Command.get_help_option
_type = core.TyperOption.display_type
_format_error = rich_utils.rich_format_error


def _spoken_usage(self: formatting.HelpFormatter, prog: str, args: str = "", prefix: str | None = None) -> None:
    words = args.replace("[OPTIONS]", "[OPCIONES]").replace("COMMAND [ARGS]...", "ORDEN …")
    _usage(self, prog, words, prefix or USAGE)


def _spoken_help_option(self: Command, ctx: Context) -> core.TyperOption | None:
    option = _help_option(self, ctx)
    if option is not None:
        option.help = HELP
    return option


def _spoken_type(self: core.TyperOption | core.TyperArgument, ctx: Context) -> str | None:
    """What a value is: «<path>» is «<ruta>», and what is only there or not has none."""
    shown = _type(self, ctx)
    bare = re.sub(r"^<(?:list\[)?(.*?)\]?>$", r"\1", shown or "").lower()
    if bare not in TYPES:
        return shown
    return f"<{TYPES[bare]}>" if TYPES[bare] else None


def _spoken_error(error: exceptions.ClickException) -> None:
    told = sentence(error.format_message())
    vars(error)["format_message"] = lambda: told
    _format_error(error)


#: Where the library says something, under which name, and what is said in its place.
_SPOKEN: tuple[tuple[object, str, object], ...] = (
    (formatting.HelpFormatter, "write_usage", _spoken_usage),
    (Command, "get_help_option", _spoken_help_option),
    (core.TyperOption, "display_type", _spoken_type),
    (core.TyperArgument, "display_type", _spoken_type),
    (rich_utils, "rich_format_error", _spoken_error),
)
