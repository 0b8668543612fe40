"""A new delivery of a dataset, as the `fuente.toml` that its folder would have with it: what it adds and what it replaces.

Nothing is written here. A delivery of an input that accumulates stays beside those of other cut-offs; one of any other
input takes the place of the file before it, which is kept in the folder and named in `anteriores`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl.licenses import LICENSES
from etl.model import Confidence, Dataset, Input, Source, SourceFile
from etl.pipeline.provenance import Document, FileFacts, PreviousFacts, SourceFacts, TotalFacts
from etl.pipeline.read import is_complete, read_input

DATED = re.compile(r"_\d{4}_\d{2}_\d{2}(_\d+)?$")


#: Reading a file asks for its source, and tells nothing of it.
NOBODY = Source("", "", "", next(iter(LICENSES.values())), date.min, Confidence.BAJA)


class NotDelivered(Exception):
    """What is said of a delivery does not suffice, or does not fit the dataset; the message says what to write."""


@dataclass(frozen=True)
class Delivered:
    """One file that was delivered: the input it fills, its name in the folder and what it holds."""

    input: Input
    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Its checksum."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Told:
    """What whoever delivers says: the cut-off, where it comes from and, only if they change, the rest (`SourceFacts`).

    `totals` are the official totals of the cut-off, by name; `replaces`, the name of the file whose place it takes.
    """

    cutoff: date
    facts: Mapping[str, str] = field(default_factory=dict)
    totals: Mapping[str, int] = field(default_factory=dict)
    replaces: str | None = None


def named(dataset: Dataset, declared: Input, cutoff: date, file: Path, content: bytes) -> Delivered:
    """`file` with the name it has among those of the dataset: what it is, its cut-off and part of its hash."""
    entry = f"_{declared.name}" if len(dataset.inputs) > 1 else ""
    stamp = hashlib.sha256(content).hexdigest()[:8]
    return Delivered(declared, f"{dataset.name}{entry}_{cutoff}_{stamp}{file.suffix.lower()}", content)


def input_of(dataset: Dataset, folder: Path, file: str) -> Input:
    """The input of `dataset` that the file of `folder` called `file` fills: the one whose columns it brings.

    NotDelivered when it could be of several; the first one when it is of none, so that what it lacks is said.
    """
    if len(dataset.inputs) == 1:
        return dataset.inputs[0]
    fit, plain = [], [item for item in dataset.inputs if item.parse is None]
    for declared in plain:
        content = (folder / file).read_bytes()
        raw = read_input(folder, declared, SourceFile(declared.name, file, hashlib.sha256(content).hexdigest(), NOBODY))
        if is_complete(raw.frame, declared):
            fit.append(declared)
    others = [item for item in dataset.inputs if item.parse is not None]
    if not fit and len(others) == 1:  # a layout of its own: it is read once, when it is checked
        return others[0]
    if len(fit) > 1:
        raise NotDelivered(f"{file} puede ser {_options(fit)}: diga cuál con --entrada")
    if not fit:
        raise NotDelivered(
            f"{file} no trae las columnas de ninguna entrada de {dataset.name}; son {_options(dataset.inputs)}. "
            "Diga cuál es con --entrada para ver qué le falta"
        )
    return fit[0]


def _options(inputs: Iterable[Input]) -> str:
    return ", ".join(f"«{item.name}»" for item in inputs)


def with_delivery(document: Document | None, files: Sequence[Delivered], told: Told) -> Document:
    """`document` with `files`, all of the cut-off and the source that `told` says; None is that of a dataset with no file.

    NotDelivered when something is missing: an official total, or who published what there is nothing of yet.
    """
    made = _Delivery(document, told)
    for file in files:
        made.add(file)
    return made.document()


class _Delivery:
    """The `fuente.toml` of a folder as it changes, file by file."""

    def __init__(self, document: Document | None, told: Told) -> None:
        self.told = told
        self.sources = dict(document.fuentes) if document else {}
        self.files = list(document.archivos) if document else []
        self.tables = {name: list(named) for name, named in document.tablas.items()} if document else {}
        self.previous = list(document.anteriores) if document else []
        self.added: dict[str, str] = {}  # the source of before -> the one of this delivery

    def document(self) -> Document:
        """What results; a source that no file is of any more goes away."""
        used = {item.fuente for item in self.files} | {name for named in self.tables.values() for name in named}
        kept = {name: facts for name, facts in self.sources.items() if name in used}
        return Document(fuentes=kept, archivos=self.files, tablas=self.tables, anteriores=self.previous)

    def add(self, file: Delivered) -> None:
        """Put `file` in the place that it has by its input."""
        if any(item.archivo == file.name for item in self.files):
            raise NotDelivered(f"ese archivo ya está entre los del dataset: {file.name}")
        before = self._replaced(file.input)
        of_input = [item for item in self.files if item.entrada == file.input.name and item.fuente in self.sources]
        base = before or max(of_input, key=lambda item: self.sources[item.fuente].corte, default=None)
        if before is not None:
            self._keep(before)
        facts = FileFacts(
            entrada=file.input.name,
            archivo=file.name,
            sha256=file.sha256,
            fuente=self._source(base, before, file.input),
        )
        if before is None:
            self.files.append(facts)
            return
        self.files[self.files.index(before)] = facts
        self._forget_totals(before)

    def _replaced(self, declared: Input) -> FileFacts | None:
        """The file whose place a new one of `declared` takes; None if it stays beside the others."""
        of_input = [item for item in self.files if item.entrada == declared.name]
        if self.told.replaces:
            found = [item for item in of_input if item.archivo == self.told.replaces]
            if not found:
                names = ", ".join(item.archivo for item in of_input)
                raise NotDelivered(f"no hay ningún archivo {self.told.replaces} que reemplazar; están: {names}")
            return found[0]
        if declared.accumulates:
            same = [item for item in of_input if self._cutoff(item) == self.told.cutoff]
            return same[0] if same else None
        return None if declared.several or not of_input else of_input[0]

    def _cutoff(self, file: FileFacts) -> date | None:
        source = self.sources.get(file.fuente)
        return source.corte if source else None

    def _keep(self, before: FileFacts) -> None:
        """Note the file that is no longer read, with what was said of it."""
        source = self.sources.get(before.fuente)
        if source is None:
            raise NotDelivered(f"{before.archivo} es de una fuente de otro dataset: renueve ese dataset")
        told = before.model_dump(exclude={"fuente"}) | {"corte": source.corte, "url": source.url}
        self.previous.append(PreviousFacts.model_validate(told))

    def _source(self, base: FileFacts | None, before: FileFacts | None, declared: Input) -> str:
        """The name of the source of this delivery, which is made the first time."""
        old = base.fuente if base else declared.name
        if old in self.added:
            return self.added[old]
        alone = before is not None and [item.fuente for item in self.files].count(old) == 1
        facts = self._facts(self.sources.get(old), optional_totals=declared.several)
        name = old if alone or old not in self.sources else self._dated(old, facts)
        self.sources[name] = facts
        self.added[old] = name
        if name != old:
            for named_sources in self.tables.values():
                if old in named_sources and name not in named_sources:
                    named_sources.append(name)
        return name

    def _dated(self, name: str, facts: SourceFacts) -> str:
        """A name with the cut-off for a source of which `facts` are said: never that of one of which other things are."""
        dated = f"{DATED.sub('', name)}_{self.told.cutoff:%Y_%m_%d}"
        names = (dated, *(f"{dated}_{number}" for number in range(2, len(self.sources) + 3)))
        return next(one for one in names if self.sources.get(one, facts) == facts)

    def _forget_totals(self, before: FileFacts) -> None:
        """The totals of what was replaced are those of the new one: a source that still has other files gives them up."""
        name = self.added.get(before.fuente)
        if name and name != before.fuente and before.fuente in self.sources:
            left = {
                total: told
                for total, told in self.sources[before.fuente].totales.items()
                if total not in self.sources[name].totales
            }
            self.sources[before.fuente] = self.sources[before.fuente].model_copy(update={"totales": left})

    def _facts(self, before: SourceFacts | None, optional_totals: bool) -> SourceFacts:
        """What is said of the source: what was said of the one before, but for what changes with every delivery."""
        told = {name: value for name, value in self.told.facts.items() if value}
        if before is None:
            needed = ("titulo", "editor", "url", "licencia", "confianza")
            if missing := [f"--{name}" for name in needed if name not in told]:
                raise NotDelivered(f"es la primera entrega: agregue {' '.join(missing)}")
            totals = {name: TotalFacts(valor=value, cita=told["titulo"]) for name, value in self.told.totals.items()}
            return SourceFacts.model_validate(told | {"corte": self.told.cutoff, "totales": totals})
        changes = {"corte": self.told.cutoff, "corte_texto": None, "nota": None, "transcrita_por": None, **told}
        return before.model_copy(update={**changes, "totales": self._totals(before, optional_totals)})

    def _totals(self, before: SourceFacts, optional: bool) -> dict[str, TotalFacts]:
        """The official totals of the new cut-off: the same ones as before, with their new values."""
        values = self.told.totals
        if not optional:
            if missing := [name for name in before.totales if name not in values]:
                options = " ".join(f"--total {name}=…" for name in missing)
                raise NotDelivered(f"faltan totales oficiales del corte: agregue {options}")
            if unknown := [name for name in values if name not in before.totales]:
                known = ", ".join(before.totales) or "ninguno"
                raise NotDelivered(f"no hay ningún total llamado {', '.join(unknown)}; son: {known}")
        # The words stay and the day changes: «TSE, empadronados activos en el país al 12-07-2026».
        old, new = (f"{day:%d-%m-%Y}" for day in (before.corte, self.told.cutoff))
        quoted = {name: told.cita.replace(old, new) for name, told in before.totales.items()}
        return {name: TotalFacts(valor=value, cita=quoted.get(name, before.titulo)) for name, value in values.items()}
