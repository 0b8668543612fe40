"""The small declared file that says which column of an extract is which: a new layout is data, not code.

[columnas]
identificador = "CUI"
municipio = ["CODDEP", "CODMUN"]        # or one column with the TSE code: "CODIGO"
sexo = "SEXO"
fecha_nacimiento = "FECHA_NAC"          # or: edad = "EDAD"
[voto]
"2023-1" = "VOTO_1V"                    # one column for each election
[valores.sexo]
F = "mujeres"
M = "hombres"
[formato]
fecha = "DD/MM/AAAA"                    # DD, MM or MON (ENE, JAN…), AAAA or AA, in any order
pivote = 10                             # with AA: 00 to 10 are 2000 to 2010, the others are of 1900
identificador_sin = " -"                # what is left out of an identifier to compare it
[ancho_fijo]
CUI = [1, 13]                           # a text without delimiters: the first character of each column, and how many
[rechazos]
maximo = 0.01                           # share of rows above which the job stops
[desconocidos]
maximo = 0.01                           # the same, of the words of one optional column that are counted as no answer
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from etl import fields
from etl.microdata import record
from etl.microdata.errors import MicrodataError
from etl.release import reason

ISO = "AAAA-MM-DD"
#: A date format is these parts, one of each, with or without one sign between them.
SIGNS = "-/. "
YEARS, MONTHS, DAYS = ("AAAA", "AA"), ("MON", "MM"), ("DD",)
EXAMPLES = (ISO, "DD/MM/AAAA", "AAAAMMDD", "DD-MON-AAAA", "DD-MON-AA")
DEFAULT = Path(__file__).with_name("columnas.toml")
NOT_PLACED = "[ancho_fijo] no dice dónde está {}"
SECTIONS = ("nombre", "columnas", "voto", "valores", "formato", "ancho_fijo", "rechazos", "desconocidos")
SHARES = ("rechazos", "desconocidos")
OPTIONS = {
    "formato": ("fecha", "pivote", "identificador_sin", "recortado"),
    **dict.fromkeys(SHARES, ("maximo",)),
}
#: A space stands for every blank, and a dash for every dash.
ALIKE = {" ": " \t\u00a0\u2007\u202f", "-": "-\u00ad\u2010\u2011\u2012\u2013\u2014\u2212"}


@dataclass(frozen=True)
class Layout:
    """Which source column holds each declared column (`columns`; municipio may be two), and how its values are written.

    `votes` maps an election to its column; `values` a declared column to {folded word: code}; `ignored` has the characters
    that an identifier is compared without; `pivot` is the last two-digit year of this century. `maximum_rejected` is the
    share of rows, from 0 to 1, above which the job stops; `maximum_unknown`, of the loaded rows that one optional column
    leaves without an answer. `name` is the file that says all this. `widths` says where each column of a text of fixed
    width begins (from 1) and how many characters it has, and `trimmed`, that its lines may lack the spaces at their end.
    """

    columns: Mapping[str, tuple[str, ...]]
    votes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    date_format: str = ISO
    pivot: int | None = None
    ignored: str = "".join(ALIKE.values())
    maximum_rejected: float = 0.01
    maximum_unknown: float = 0.01
    name: str = DEFAULT.name
    widths: Mapping[str, tuple[int, int]] = field(default_factory=lambda: MappingProxyType({}))
    trimmed: bool = False

    def unplaced(self, elections: Sequence[str]) -> list[str]:
        """The columns of the votes of some elections that a text of fixed width does not say where are, in words."""
        return [
            NOT_PLACED.format(self.votes[one])
            for one in elections
            if self.widths and self.votes[one] not in self.widths
        ]

    @property
    def width(self) -> int:
        """How many characters a line of a text of fixed width has, as far as it is declared."""
        return max(at + size - 1 for at, size in self.widths.values())

    def needed(self, elections: Sequence[str] = ()) -> tuple[str, ...]:
        """The source columns that are read, each once: the declared ones and the vote of each election."""
        found = [name for names in self.columns.values() for name in names]
        return tuple(dict.fromkeys([*found, *(self.votes[election] for election in elections)]))


def load(path: Path) -> Layout:
    """The layout declared in the TOML file `path`; MicrodataError says everything wrong with it."""
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise MicrodataError(f"no existe el archivo de columnas {path.name}") from None
    except OSError as error:
        raise MicrodataError(f"no se puede leer el archivo de columnas {path.name}: {reason(error)}") from None
    except UnicodeDecodeError:
        raise MicrodataError(f"el archivo de columnas {path.name} no está en UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise MicrodataError(f"el archivo de columnas {path.name} no es TOML válido: {error}") from None
    problems = _problems(content)
    if problems:
        raise MicrodataError(f"el archivo de columnas {path.name} tiene problemas:\n- " + "\n- ".join(problems))
    return _layout(content, path.name)


def _problems(content: Mapping[str, Any]) -> list[str]:
    problems = [
        f"la sección [{name}] no existe; hay: {', '.join(SECTIONS)}" for name in content if name not in SECTIONS
    ]
    for name in SECTIONS[1:]:
        if not isinstance(content.get(name, {}), dict):
            problems.append(f"[{name}] debe ser una sección")
    return problems or [
        *_column_problems(content),
        *_value_problems(content),
        *_option_problems(content),
        *_width_problems(content),
    ]


def _column_problems(content: Mapping[str, Any]) -> list[str]:
    columns = content.get("columnas", {})
    problems = [
        f"[columnas] no conoce {name}; hay: {', '.join(record.COLUMNS)}"
        for name in columns
        if name not in record.COLUMNS
    ]
    problems += [f"[columnas] no dice cuál es {name}" for name in record.REQUIRED if name not in columns]
    given = [name for name in record.AGE if name in columns]
    if len(given) != 1:
        problems.append("[columnas] debe decir fecha_nacimiento o edad, una de las dos")
    for name, value in [*columns.items(), *content.get("voto", {}).items()]:
        many = (
            name == "municipio"
            and isinstance(value, list)
            and len(value) == 2
            and all(isinstance(v, str) for v in value)
        )
        if not many and not (isinstance(value, str) and value):
            problems.append(f"la columna de {name} debe ser un nombre" + (" o dos" if name == "municipio" else ""))
    problems += [
        f"[voto] «{name}» no es una elección; se escribe como en 2023-1 o 2023-2"
        for name in content.get("voto", {})
        if not re.fullmatch(fields.eleccion.pattern or ".+", name)
    ]
    abroad = [name for name in ("pais_residencia", "estado_residencia", "ciudad_residencia") if name in columns]
    if abroad and "estado_residencia" not in columns:
        problems.append("[columnas] con país o ciudad de residencia debe decir también estado_residencia")
    return problems


def _value_problems(content: Mapping[str, Any]) -> list[str]:
    problems = []
    for name, words in content.get("valores", {}).items():
        if name not in record.ALLOWED:
            problems.append(f"[valores.{name}] no existe; hay: {', '.join(record.ALLOWED)}")
        elif not isinstance(words, dict):
            problems.append(f"[valores.{name}] debe ser una sección")
        else:
            allowed = ("si", "no", "sin_dato") if name == "voto" else record.ALLOWED[name]
            problems += [
                f"[valores.{name}] el valor de «{word}» debe ser uno de: {', '.join(allowed)}"
                for word, code in words.items()
                if code not in allowed
            ]
    return problems


def _option_problems(content: Mapping[str, Any]) -> list[str]:
    problems = [
        f"[{section}] no conoce {name}; hay: {', '.join(known)}"
        for section, known in OPTIONS.items()
        for name in content.get(section, {})
        if name not in known
    ]
    problems += _format_problems(content.get("formato", {}))
    for section in SHARES:
        share = content.get(section, {}).get("maximo", 0)
        if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
            problems.append(f"[{section}] maximo debe ser un número de 0 a 1")
    return problems


def _width_problems(content: Mapping[str, Any]) -> list[str]:
    widths = content.get("ancho_fijo", {})
    problems = [
        f"[ancho_fijo] {name} debe ser [primer carácter, cuántos], como [1, 13]"
        for name, place in widths.items()
        if not isinstance(place, list)
        or len(place) != 2
        or any(isinstance(one, bool) or not isinstance(one, int) or one < 1 for one in place)
    ]
    if widths and not problems:
        named = [
            one
            for value in content.get("columnas", {}).values()
            for one in ([value] if isinstance(value, str) else value)
        ]
        problems += [NOT_PLACED.format(name) for name in named if name not in widths]
    return problems


def _format_problems(given: Mapping[str, Any]) -> list[str]:
    problems = []
    written, pivot = given.get("fecha", ISO), given.get("pivote")
    parts = date_parts(written) if isinstance(written, str) else None
    if parts is None:
        problems.append(
            "[formato] fecha debe tener AAAA o AA, MM o MON y DD, con un signo o ninguno entre ellos, como en "
            + ", ".join(EXAMPLES)
        )
    if pivot is not None and (isinstance(pivot, bool) or not isinstance(pivot, int) or not 0 <= pivot <= 99):
        problems.append("[formato] pivote debe ser un número entero de 0 a 99")
    elif pivot is None and parts and "AA" in parts:
        problems.append(
            "[formato] con años de dos cifras (AA) hace falta pivote: los años de 00 a pivote son 2000 y siguientes; "
            "los demás, 1900 y siguientes"
        )
    if not isinstance(given.get("recortado", False), bool):
        problems.append("[formato] recortado debe ser true o false")
    if not isinstance(given.get("identificador_sin", ""), str):
        problems.append('[formato] identificador_sin debe ser un texto, como " -"')
    return problems


def date_parts(date_format: str) -> tuple[str, ...] | None:
    """The parts of a date format and what is between them, in order; None if it is no date format. YY is AA."""
    parts = re.findall("AAAA|AA|MON|MM|DD|.", spelled(date_format), re.DOTALL)
    named = [part for part in parts if part in (*YEARS, *MONTHS, *DAYS)]
    whole = all(sum(named.count(one) for one in kind) == 1 for kind in (YEARS, MONTHS, DAYS))
    between = [part for part in parts if part not in named]
    signs = not between or (all(part in SIGNS for part in between) and len(parts) == 5 and parts[::2] == named)
    return tuple(parts) if whole and signs else None


def spelled(date_format: str) -> str:
    """A date format with its letters in Spanish capitals: YYYY and YY as AAAA and AA, MMM as MON."""
    return date_format.strip().upper().replace("Y", "A").replace("MMM", "MON")


def _layout(content: Mapping[str, Any], name: str) -> Layout:
    formats = content.get("formato", {})
    asked = formats.get("identificador_sin", " -")
    votes = {"si": "1", "no": "0"}
    values = {
        name: {
            **record.VALUES[name],
            **{record.folded(w): votes.get(c, c) if name == "voto" else c for w, c in words.items()},
        }
        for name, words in content.get("valores", {}).items()
    }
    return Layout(
        columns={n: tuple(v) if isinstance(v, list) else (v,) for n, v in content["columnas"].items()},
        votes=dict(content.get("voto", {})),
        values={**record.VALUES, **values},
        date_format=spelled(formats.get("fecha", ISO)),
        pivot=formats.get("pivote"),
        ignored="".join(dict.fromkeys("".join(ALIKE.get(sign, sign) for sign in asked))),
        maximum_rejected=float(content.get("rechazos", {}).get("maximo", 0.01)),
        maximum_unknown=float(content.get("desconocidos", {}).get("maximo", 0.01)),
        name=name,
        widths={name: (at, size) for name, (at, size) in content.get("ancho_fijo", {}).items()},
        trimmed=formats.get("recortado", False),
    )
