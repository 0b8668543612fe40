"""The official JSON of one departamento and one ballot: `divs` (municipios), their `secciones` (centres) and `casillas`.

A `casilla` is a polling table: `info` (`status` 2 = counted, 1 = captured and not counted, 0 = not captured; `lNominal`,
`obs`, `metodo`, `ut` = second of its publication) and `votosPA`, each of whose figures is `{"num": …}`: the votes of the
organisations that `pidsPA` lists, what the acta says (`FIGURES`) and in `totales` what it adds up to. `--` and "" are empty.
An organisation is called by its `siglas` in `pidsInfo`, where a file has them, and by its identifier (OP33) where it has not.

The ballot is the one that the name of the file says (`gtm2023_tc4_e1.json`). The cut-off is that of `avanceEnt` or of the
address that it was at, where there is one, or else the last publication.

Every level has sums of its own, which are the control of the file:

- as many polling tables as the `actas` of its `stats` (or as those captured): with fewer, or more, the file is refused;
- everything else (counted actas, registered voters, each figure of `votosPA`) is compared with what its counted polling
  tables add up to. What is neither the sum of what they say nor of what they calculate is a row with its reason, and the
  polling tables are published as they are: it is an inconsistency of the file with itself, not of the reading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from etl.pipeline.trep import said
from etl.pipeline.trep.centre import CALCULATED, FIGURES, Centres, Node, listed
from etl.pipeline.trep.shape import HEADER, Columns, Member, Told, number

#: A sum of what actas say may be of what they say or of what they add up to: both are seen.
ALSO = {"VALIDOS": "VALIDOS_CALCULADO", "EMITIDOS": "EMITIDOS_CALCULADO", "TOTAL": "TOTAL_CALCULADO"}
_IN_NAME = re.compile(r"_e(\d{1,2})\.json(?:\.gz)?$", re.I)


def recognises(member: Member) -> bool:
    """Whether `member` is a JSON with divisions or their centres."""
    found = member.document
    return isinstance(found, dict) and ("divs" in found or "secciones" in found)


def read(member: Member, told: Told) -> Columns | None:
    """The polling tables of the file, and the sums of it that they do not reproduce."""
    root = member.document
    assert isinstance(root, dict)
    reading = _Reading(told)
    reading.division(root, Place(), (), {})
    office = _office(member, told)
    named = _IN_NAME.search(member.name)
    if named and number(root.get("divNum")) not in (None, int(named.group(1))):
        told.wrong("el nombre del archivo dice otro departamento", None, "divNum", root.get("divNum"))
    if not reading.blocks and not told.problems:
        told.wrong("el archivo no trae mesas (casillas): solo sus sumas")
    if told.problems:
        return None
    return reading.columns(office, reading.cutoff or said.day_in_folder(member.name))


def _office(member: Member, told: Told) -> str:
    named = said.offices_named(member.name)
    if not named:
        told.wrong("no se sabe qué elección es: ni el nombre del archivo (…_tc4_…, de 1 a 5) ni su carpeta lo dicen")
        return ""
    if len({office for _, office in named}) > 1:
        told.wrong("el nombre del archivo y el de su carpeta dicen elecciones distintas", None, None, member.name)
    return named[0][1]


@dataclass(frozen=True)
class Place:
    """Where a division is, with the numbers and names that the file has."""

    departamento: int | None = None
    name: str = ""
    municipio: int | None = None
    own_name: str = ""

    @property
    def path(self) -> str:
        """How a problem names it."""
        return " › ".join(word for word in (self.name, self.own_name) if word) or "raíz"


@dataclass
class _Reading:
    """Goes down the divisions of a file and up with their sums."""

    told: Told
    blocks: list[Mapping[str, Sequence[str]]] = field(default_factory=list)
    differences: list[dict[str, str]] = field(default_factory=list)
    cutoff: str | None = None
    actas: tuple[str, str] = ("", "")

    def division(self, node: Node, above: Place, pids: Sequence[str], names: Mapping[str, Any]) -> Counter[str]:
        """What the polling tables under `node` add up to; `pids` and `names` are those of the division above it."""
        pids = _pids(node) or pids
        names = _dict(node.get("pidsInfo")) or names
        self._note_cutoff(node)
        if "secciones" in node:
            return self._municipio(node, above, pids, names)
        place = Place(number(node.get("divNum")), str(node.get("divName") or ""))
        sums: Counter[str] = Counter()
        for inside in listed(node, "divs", place.path, self.told):
            sums.update(self.division(inside, place, pids, names))
        level = "departamento" if str(node.get("divLevel") or "").upper() != "PAIS" else "pais"
        self._compare(node, sums, level, place)
        self.actas = _actas(node)
        return sums

    def _municipio(self, node: Node, above: Place, pids: Sequence[str], names: Mapping[str, Any]) -> Counter[str]:
        parent = number(node.get("divParentNum")) if above.departamento is None else above.departamento
        place = Place(
            parent,
            above.name or str(node.get("divParentName") or ""),
            number(node.get("divNum")),
            str(node.get("divName") or ""),
        )
        if parent is None or place.municipio is None:
            self.told.wrong("la división no dice su número (divNum) ni el de su departamento", None, place.path)
        centres = Centres(self.told, place.path, pids)
        for centre in listed(node, "secciones", place.path, self.told):
            centres.add(centre)
        parts = centres.finished(names)
        if parts is None:
            return Counter()
        block, sums = parts
        size = len(block["MESA"])
        where = {"ID_DEPARTAMENTO": parent, "ID_MUNICIPIO": place.municipio}
        block |= {name: [str(code)] * size for name, code in where.items()}
        block |= {"DEPARTAMENTO": [place.name] * size, "MUNICIPIO": [place.own_name] * size}
        self.blocks.append(block)
        whole: Counter[str] = Counter()
        for centre, of_centre in sums:
            whole.update(of_centre)
            self._compare(centre, of_centre, "centro", place, str(number(centre.get("seccion"))))
        self._compare(node, whole, "municipio", place)
        self.actas = _actas(node)
        return whole

    def _note_cutoff(self, node: Node) -> None:
        progress = _dict(node.get("avanceEnt"))
        words = f"{progress.get('fechaCorte', '')} {progress.get('horaCorte', '')}"
        self.cutoff = self.cutoff or said.day_in_words(words)

    # --- Sums ---------------------------------------------------------------------------------------------------------

    def _compare(self, node: Node, sums: Counter[str], level: str, place: Place, centre: str = "") -> None:
        """The sums that `node` says against those of its polling tables."""
        path = f"{place.path} › {centre}" if centre else place.path
        told: dict[str, tuple[int, int]] = {}
        if level != "centro":
            self._all_are_here(node, sums, path)
        for words, value, columns in _said(node, level):
            says = number(value)
            if says is None:
                if value not in (None, "", "--"):
                    self.told.wrong("se esperaba un número entero o «--»", None, f"{path}, {words}", value)
                continue
            if says not in [sums[column] for column in columns]:
                told.setdefault(words, (says, sums[columns[-1]]))
        where = {"ID_DEPARTAMENTO": _text(place.departamento), "ID_MUNICIPIO": _text(place.municipio), "CENTRO": centre}
        self.differences += [
            {"NIVEL": level, "CAMPO": words, "DICE": str(says), "SUMA": str(found), **where}
            for words, (says, found) in told.items()
        ]

    def _all_are_here(self, node: Node, sums: Counter[str], path: str) -> None:
        expected, captured = _actas(node)
        found = sums["mesas"]
        if not expected:
            self.told.wrong("no dice cuántas actas son: no se puede saber si están todas", None, f"{path}, stats.actas")
        elif str(found) not in (expected, captured):
            few = found < int(expected)
            hint = ": ¿archivo truncado?" if few else ": ¿hay mesas repetidas?"
            message = f"dice {int(expected):,} actas y el archivo trae {found:,}{hint}"
            self.told.wrong(message, None, f"{path}, stats.actas.num", expected)

    # --- As columns -----------------------------------------------------------------------------------------------------

    def columns(self, office: str, cutoff: str | None) -> Columns | None:
        """Every polling table, and then the sums that differ."""
        columns: dict[str, list[str]] = {name: [] for name in HEADER if name not in ("ARCHIVO", "GRUPO", "FILA")}
        for block in self.blocks:
            size = len(block["MESA"])
            for name, cells in columns.items():
                cells.extend(block.get(name) or [""] * size)
        for row in self.differences:
            for name, cells in columns.items():
                cells.append(row.get(name, ""))
        cutoff = cutoff or said.latest(columns["PUBLICADA"])
        if not cutoff:
            self.told.wrong("no se sabe de cuándo es: no trae la fecha del corte ni la de publicación de ninguna mesa")
            return None
        size = len(columns["MESA"])
        of_file = {
            "CARGO": office,
            "CORTE": cutoff,
            "ACTAS_ESPERADAS": self.actas[0],
            "ACTAS_CAPTURADAS": self.actas[1],
        }
        return {**columns, **{name: [text] * size for name, text in of_file.items()}}


def _said(node: Node, level: str) -> list[tuple[str, Any, tuple[str, ...]]]:
    """The sums that a node says: our name of each, its value, and the columns of which it may be the sum (the last, for us)."""
    votes, stats = _dict(node.get("votosPA")), _dict(node.get("stats"))
    found: list[tuple[str, Any, tuple[str, ...]]] = [
        (words, _num(votes.get(figure)), (column, ALSO.get(column, column)))
        for figure, (column, words) in FIGURES.items()
    ]
    totals = _dict(votes.get("totales"))
    found += [(words, _num(totals.get(name)), (column,)) for name, (column, words) in CALCULATED.items()]
    found += [(f"votos: {pid}", _num(votes.get(pid)), (pid,)) for pid in votes if re.fullmatch(r"OP\d+", pid)]
    if level == "centro":
        return [*found, ("empadronados", _dict(node.get("info")).get("lNominal"), ("todos", "empadronados"))]
    roll, counted = _dict(stats.get("lNominal")), _dict(_dict(stats.get("actas")).get("cont"))
    found += [("empadronados", _num(roll), ("todos",))]
    found += [("empadronados_contabilizadas", _num(_dict(roll.get("cont"))), ("empadronados",))]
    found += [("actas_contabilizadas", _num(counted), ("contabilizadas",))]
    cast = ("particip", "emitidos")
    return [*found, *((f"stats.{name}", _num(stats.get(name)), ("EMITIDOS_CALCULADO",)) for name in cast)]


def _actas(node: Node) -> tuple[str, str]:
    """How many actas a node says that there are and that were captured; empty when it does not."""
    actas = _dict(_dict(node.get("stats")).get("actas"))
    return _text(number(_num(actas))), _text(number(_num(actas.get("capt"))))


def _pids(node: Node) -> list[str]:
    pids = node.get("pidsPA")
    return [str(pid) for pid in pids] if isinstance(pids, list | dict) else []


def _num(cell: object) -> Any:
    """The figure of `{"num": …}`, or of a cell that is the figure itself."""
    return cell.get("num") if isinstance(cell, dict) else cell


def _dict(found: object) -> Node:
    return found if isinstance(found, dict) else {}


def _text(found: int | None) -> str:
    return "" if found is None else str(found)
