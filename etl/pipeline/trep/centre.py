"""The polling tables (`casillas`) of the centres (`secciones`) of one municipio in the official JSON, column by column."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.pipeline.trep import said
from etl.pipeline.trep.shape import Told, number, numbers

Node = Mapping[str, Any]
#: Figure of `votosPA` -> our column, and what the figure is called when a sum of it differs.
FIGURES = {
    "fSV": ("VALIDOS", "votos_validos_escrito"),
    "fVN": ("NULOS", "votos_nulos"),
    "fVB": ("BLANCO", "votos_blanco"),
    "fSE": ("EMITIDOS", "votos_emitidos_escrito"),
    "fVI": ("INVALIDOS", "votos_invalidos"),
    "fST": ("TOTAL", "votos_total_escrito"),
    "fIM": ("IMPUGNACIONES", "impugnaciones"),
    "fPR": ("PAPELETAS_RECIBIDAS", "papeletas_recibidas"),
    "fPN": ("PAPELETAS_NO_USADAS", "papeletas_no_usadas"),
}
#: The same of `totales`, which are calculated.
CALCULATED = {
    "validos": ("VALIDOS_CALCULADO", "votos_validos"),
    "emitidos": ("EMITIDOS_CALCULADO", "votos_emitidos"),
    "total": ("TOTAL_CALCULADO", "votos_total"),
}
#: What a counted acta always has; another figure that is not there is not known.
NEEDED = ("fSV", "fVN", "fVB", "fSE")
METHODS = {"E": "ESCANER", "C": "CELULAR"}
COUNTED = 2
STATUSES = (0, 1, COUNTED)
_ORGANISATION = re.compile(r"OP\d+")


def listed(node: Node, key: str, path: str, told: Told) -> list[Node]:
    """The nodes in `node[key]`; whatever else is there is told."""
    found = node.get(key)
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        told.wrong(f"se esperaba una lista en «{key}»", None, path, None if found is None else type(found).__name__)
        return []
    return found


@dataclass
class Centres:
    """Gathers the polling tables of the centres of one municipio, called `path` in problems, with its organisations."""

    told: Told
    path: str
    pids: Sequence[str]
    centres: list[tuple[Node, int]] = field(default_factory=list)  # each, and how many polling tables
    about: list[tuple[Any, ...]] = field(default_factory=list)
    figures: list[list[Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keys = (*self.pids, *FIGURES)
        self.others = {*self.keys, *(name for name, _ in FIGURES.values())}

    def add(self, centre: Node) -> None:
        """The polling tables of one centre."""
        name = number(centre.get("seccion"))
        path = f"{self.path} › {name}"
        if name is None:
            self.told.wrong("el centro no dice su número (seccion)", None, self.path, centre.get("seccion"))
        elif name in [number(other.get("seccion")) for other, _ in self.centres]:
            self.told.wrong("el centro está dos veces en su municipio", None, path)
        tables = listed(centre, "casillas", path, self.told)
        self.centres.append((centre, len(tables)))
        for table in tables:
            self._table(table, name, path)

    def _table(self, table: Node, centre: int | None, path: str) -> None:
        mesa, info = number(table.get("mesa")), table.get("info")
        info = info if isinstance(info, dict) else {}
        path = f"{path} › mesa {table.get('mesa')}"
        status = number(info.get("status"))
        if mesa is None:
            self.told.wrong("la casilla no dice su número de mesa", None, path, table.get("mesa"))
        if status not in STATUSES:
            message = "estado desconocido: se esperaba 0, 1 o 2 (contabilizada)"
            self.told.wrong(message, None, f"{path}, info.status", info.get("status"))
        votes: Any = table.get("votosPA")
        self.about.append((mesa, centre, info.get("lNominal"), status == COUNTED, info.get("obs"), info))
        try:
            totals = votes["totales"]
            self.figures.append(
                [*[votes[key]["num"] for key in self.keys], *[totals[key]["num"] for key in CALCULATED]]
            )
        except (KeyError, TypeError):
            self.figures.append(self._with_holes(votes, status == COUNTED, path))
        if isinstance(votes, dict) and not votes.keys() <= self.others:
            self._no_stranger(votes, path)

    def _with_holes(self, votes: object, counted: bool, path: str) -> list[Any]:
        """The figures of a polling table that lacks some: in one that was counted, only those that are not needed."""
        votes = votes if isinstance(votes, dict) else {}
        cells = {key: _num(votes.get(key)) for key in self.keys}
        missing = [key for key in (*self.pids, *NEEDED) if key not in votes]
        if counted and missing:
            what = "votosPA" if not votes else ", ".join(missing[:5])
            self.told.wrong(f"a una mesa contabilizada le falta {what}", None, path)
            return [*cells.values(), *("" for _ in CALCULATED)]
        totals = votes.get("totales")
        calculated = totals if isinstance(totals, dict) else {}
        return [*cells.values(), *(_num(calculated.get(key, votes.get(key))) for key in CALCULATED)]

    def _no_stranger(self, votes: Node, path: str) -> None:
        """No organisation has votes that the list of organisations of the file would lose."""
        for key in votes.keys() - self.others:
            if _ORGANISATION.fullmatch(key) and _num(votes[key]) not in (0, "0", "", "--", None):
                self.told.wrong("la mesa trae votos de una organización que pidsPA no lista", None, path, key)

    def finished(
        self, names: Mapping[str, Any]
    ) -> tuple[dict[str, Sequence[str]], list[tuple[Node, Counter[str]]]] | None:
        """The columns, and what the counted polling tables of each centre add up to; `names` are those of organisations."""
        if not self.about:
            return None
        mesas, centres, rolls, counted, notes, infos = zip(*self.about, strict=True)
        raw = dict(
            zip((*self.keys, *(f"totales.{key}" for key in CALCULATED)), zip(*self.figures, strict=True), strict=True)
        )
        cells = {name: self._numbers(name, column, mesas) for name, column in raw.items()}
        self._calculate(cells, counted)
        roll = self._numbers("info.lNominal", rolls, mesas)
        columns: dict[str, Sequence[str]] = {
            "MESA": ["" if mesa is None else str(mesa) for mesa in mesas],
            "CENTRO": [str(centre) for centre in centres],
            "PADRON": roll,
            "CONTABILIZADA": ["1" if one else "0" for one in counted],
            "OBSERVACIONES": [str(note or "").strip() for note in notes],
            "PUBLICADA": self._published(infos, mesas),
            "DIGITALIZACION": [
                METHODS.get(method, method) for method in (str(info.get("metodo") or "") for info in infos)
            ],
            "PARTIDOS": [json.dumps(_names(self.pids, names), ensure_ascii=False)] * len(mesas),
            "VOTOS": list(map(",".join, zip(*(cells[pid] for pid in self.pids), strict=True))),
        }
        columns |= {column: cells[figure] for figure, (column, _) in FIGURES.items()}
        columns |= {column: cells[f"totales.{name}"] for name, (column, _) in CALCULATED.items()}
        summed = {pid: cells[pid] for pid in self.pids} | {
            column: columns[column] for column, _ in (*FIGURES.values(), *CALCULATED.values())
        }
        return columns, self._sums(summed, roll, counted)

    def _calculate(self, cells: Mapping[str, list[str]], counted: Sequence[bool]) -> None:
        """Where a counted acta brings no calculated totals, they are what its parts add up to, as the TREP's are."""
        valid, cast, every = (cells[f"totales.{name}"] for name in CALCULATED)
        for place in (place for place, one in enumerate(counted) if one):
            if not valid[place]:
                valid[place] = str(sum(int(cells[pid][place] or 0) for pid in self.pids))
            if not cast[place]:
                cast[place] = str(int(valid[place]) + sum(int(cells[name][place] or 0) for name in ("fVN", "fVB")))
            if not every[place]:
                every[place] = str(int(cast[place]) + int(cells["fVI"][place] or 0))

    def _sums(
        self, cells: Mapping[str, Sequence[str]], roll: Sequence[str], counted: Sequence[bool]
    ) -> list[tuple[Node, Counter[str]]]:
        used = {name: _used(column, counted) for name, column in cells.items()} | {"empadronados": _used(roll, counted)}
        used |= {"todos": _used(roll, [True] * len(roll)), "contabilizadas": [int(one) for one in counted]}
        found, first = [], 0
        for centre, size in self.centres:
            last = first + size
            found.append(
                (centre, Counter({name: sum(values[first:last]) for name, values in used.items()} | {"mesas": size}))
            )
            first = last
        return found

    def _numbers(self, name: str, cells: Sequence[object], mesas: Sequence[int | None]) -> list[str]:
        found, wrong = numbers(cells)
        places = [(None, f"{self.path} › mesa {mesas[i]}", cells[i]) for i in wrong]
        self.told.cells("se esperaba un número entero o «--»", name, places)
        return found

    def _published(self, infos: Sequence[Node], mesas: Sequence[int | None]) -> list[str]:
        seconds, wrong = numbers([info.get("ut") or "" for info in infos])
        days = [said.day_of_second(int(second)) if second else "" for second in seconds]
        bad = [*wrong, *(place for place, day in enumerate(days) if day is None)]
        places = [(None, f"{self.path} › mesa {mesas[i]}", infos[i].get("ut")) for i in bad]
        self.told.cells("se esperaba el segundo de la publicación", "info.ut", places)
        return [day or "" for day in days]


def _used(cells: Sequence[str], counted: Sequence[bool]) -> list[int]:
    return [int(cell) if cell and one else 0 for cell, one in zip(cells, counted, strict=True)]


def _names(pids: Sequence[str], known: Mapping[str, Any]) -> list[str]:
    """What the organisations are called: by their initials, unless they are not known or are those of two of them."""
    found = [str(info.get("siglas") or pid) if isinstance(info := known.get(pid), dict) else pid for pid in pids]
    return [name if found.count(name) == 1 else pid for pid, name in zip(pids, found, strict=True)]


def _num(cell: object) -> Any:
    """The figure of `{"num": …}`, or of a cell that is the figure itself."""
    return cell.get("num", "") if isinstance(cell, dict) else cell
