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
fecha = "DD/MM/AAAA"
[rechazos]
maximo = 0.01                           # share of rows above which the job stops
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from etl.microdata import record
from etl.microdata.errors import MicrodataError
from etl.release import reason

DATE_FORMATS = ("AAAA-MM-DD", "DD/MM/AAAA", "DD-MM-AAAA", "AAAAMMDD", "MM/DD/AAAA", "AAAA/MM/DD", "DD.MM.AAAA")
DEFAULT = Path(__file__).with_name("columnas.toml")
SECTIONS = ("nombre", "columnas", "voto", "valores", "formato", "rechazos")


@dataclass(frozen=True)
class Layout:
    """Which source column holds each declared column (`columns`; municipio may be two), and how its values are written.

    `votes` maps an election to its column; `values` a declared column to {folded word: code}; `maximum_rejected` is the
    share of rows, from 0 to 1, above which the job stops.
    """

    columns: Mapping[str, tuple[str, ...]]
    votes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    values: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    date_format: str = DATE_FORMATS[0]
    maximum_rejected: float = 0.01

    def needed(self, election: str | None) -> tuple[str, ...]:
        """The source columns that are read, each once: the declared ones and, with an election, its vote."""
        found = [name for names in self.columns.values() for name in names]
        return tuple(dict.fromkeys([*found, *([self.votes[election]] if election else [])]))


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
    return _layout(content)


def _problems(content: Mapping[str, Any]) -> list[str]:
    problems = [
        f"la sección [{name}] no existe; hay: {', '.join(SECTIONS)}" for name in content if name not in SECTIONS
    ]
    for name in ("columnas", "voto", "valores", "formato", "rechazos"):
        if not isinstance(content.get(name, {}), dict):
            problems.append(f"[{name}] debe ser una sección")
    return problems or [*_column_problems(content), *_value_problems(content), *_option_problems(content)]


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
    problems = []
    if content.get("formato", {}).get("fecha", DATE_FORMATS[0]) not in DATE_FORMATS:
        problems.append(f"[formato] fecha debe ser uno de: {', '.join(DATE_FORMATS)}")
    share = content.get("rechazos", {}).get("maximo", 0)
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        problems.append("[rechazos] maximo debe ser un número de 0 a 1")
    return problems


def _layout(content: Mapping[str, Any]) -> Layout:
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
        date_format=content.get("formato", {}).get("fecha", DATE_FORMATS[0]),
        maximum_rejected=float(content.get("rechazos", {}).get("maximo", 0.01)),
    )
