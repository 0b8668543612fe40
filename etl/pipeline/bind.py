"""A dataset and its `fuente.toml`: which file fills each input, and what each table rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from etl.fields.told import TRANSCRIBED
from etl.licenses import LICENSES
from etl.model import Confidence, Dataset, Input, Problem, Provenance, Source, SourceFile, Total
from etl.pipeline.clock import to_come
from etl.pipeline.provenance import Document, FileFacts, SourceFacts, place_of, read
from etl.pipeline.read import EXTENSIONS

Known = Mapping[str, Provenance | None]
#: In `tablas`, every source of another dataset: those of the deliveries that are still to come, too.
EVERY = "*"


def provenance(dataset: Dataset, folder: Path, known: Known) -> tuple[Provenance | None, list[Problem]]:
    """Where the figures of `dataset` come from, as its `folder` says, or everything that is wrong with what it says.

    `known` has what is known of the datasets that were read before; None for one whose own `fuente.toml` is wrong, which
    is already said. Whoever rests on it has then neither provenance nor problems.
    """
    document = read(folder)
    if isinstance(document, list):
        return None, document
    binding = _Binding(dataset, document, place_of(folder), known)
    made = binding.provenance()
    return (None if binding.problems or binding.unknown else made), binding.problems


@dataclass
class _Binding:
    """One dataset and its document; `problems` keeps what does not fit, `unknown` whether a source is not known yet."""

    dataset: Dataset
    document: Document
    place: str
    known: Known
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    unknown: bool = False

    def provenance(self) -> Provenance:
        """What fits of the document; whole only if there are no problems and nothing is unknown."""
        self.own = {
            name: source for name, facts in self.document.fuentes.items() if (source := self._made(name, facts))
        }
        files = tuple(self._files())
        tables = self._newest(files) | {
            name: tuple(self._chosen(name, told)) for name, told in self.document.tablas.items()
        }
        self._every_input_is_filled()
        for name in self.document.fuentes:
            if name not in self.used:
                self._wrong(f"fuentes.{name}", None, "ningún archivo ni tabla la usa")
        return Provenance(files, self.own, tables)

    def _wrong(self, key: str, value: str | None, message: str) -> None:
        self.problems.append(Problem(self.place, None, key, value, message))

    def _made(self, name: str, facts: SourceFacts) -> Source | None:
        terms = LICENSES.get(facts.licencia)
        if terms is None:
            message = f"licencia desconocida; se esperaba una de: {', '.join(LICENSES)}"
            self._wrong(f"fuentes.{name}.licencia", facts.licencia, message)
            return None
        if wrong := to_come(facts.corte):
            self._wrong(f"fuentes.{name}.corte", str(facts.corte), wrong)
        return Source(
            title=facts.titulo,
            publisher=facts.editor,
            url=facts.url,
            license=terms,
            cutoff=facts.corte,
            cutoff_text=facts.corte_texto,
            confidence=Confidence(facts.confianza),
            note=facts.nota,
            period=facts.periodo,
            key=f"{self.dataset.name}.{name}{TRANSCRIBED if facts.transcrita_por else ''}",
            transcriber=facts.transcrita_por,
            totals=tuple(Total(total, item.valor, item.cita) for total, item in facts.totales.items()),
        )

    def _files(self) -> Iterator[SourceFile]:
        names = Counter(item.archivo for item in self.document.archivos)
        inputs = {item.name: item for item in self.dataset.inputs}
        for number, item in enumerate(self.document.archivos, 1):
            key = f"archivos[{number}]"
            if item.entrada not in inputs:
                message = f"el dataset no tiene esa entrada; tiene: {', '.join(inputs)}"
                self._wrong(f"{key}.entrada", item.entrada, message)
            elif inputs[item.entrada].parse is None and Path(item.archivo).suffix.lower() not in EXTENSIONS:
                self._wrong(f"{key}.archivo", item.archivo, f"se esperaba un archivo {', '.join(EXTENSIONS)}")
            if names[item.archivo] > 1:
                self._wrong(f"{key}.archivo", item.archivo, "el archivo está más de una vez en la lista")
            if (source := self._source(f"{key}.fuente", item.fuente)) is not None:
                yield SourceFile(item.entrada, item.archivo, item.sha256, source)

    def _every_input_is_filled(self) -> None:
        filled: dict[str, list[FileFacts]] = {}
        for item in self.document.archivos:
            filled.setdefault(item.entrada, []).append(item)
        for declared in self.dataset.inputs:
            files = filled.get(declared.name, [])
            if not files:
                self._wrong("archivos", None, f"ningún archivo es la entrada «{declared.name}» del dataset")
            elif declared.accumulates:
                self._one_delivery_a_day(declared, files)
            elif len(files) > 1 and not declared.several:
                names = ", ".join(item.archivo for item in files)
                self._wrong("archivos", names, f"la entrada «{declared.name}» es de un solo archivo")

    def _one_delivery_a_day(self, declared: Input, files: list[FileFacts]) -> None:
        """Two deliveries of one cut-off would be added up: the one that was corrected goes to `anteriores`."""
        days: dict[date, str] = {}
        for item in files:
            if (source := self.own.get(item.fuente)) is None:
                continue
            if source.cutoff in days and not declared.several:
                message = f"la entrada «{declared.name}» tiene dos entregas del corte {source.cutoff}"
                self._wrong("archivos", f"{days[source.cutoff]}, {item.archivo}", message)
            days[source.cutoff] = item.archivo

    def _newest(self, files: tuple[SourceFile, ...]) -> dict[str, tuple[Source, ...]]:
        """What the tables that show the newest delivery alone rest on, when the dataset has inputs that accumulate."""
        if not any(item.accumulates for item in self.dataset.inputs):
            return {}
        found = Provenance(files)
        sources = tuple(
            source
            for item in self.dataset.inputs
            for source in (found.newest(item.name) if item.accumulates else found.of_input(item.name))
        )
        return {table.name: sources for table in self.dataset.tables if sources and not table.accumulates}

    def _chosen(self, table: str, named: list[str]) -> Iterator[Source]:
        if table not in {item.name for item in self.dataset.tables}:
            self._wrong(f"tablas.{table}", None, "el dataset no tiene esa tabla")
        for name in named:
            dataset, _, every = name.rpartition(".")
            if dataset and every == EVERY and (other := self.known.get(dataset)) and dataset in self.dataset.needs:
                yield from other.all
            elif (source := self._source(f"tablas.{table}", name)) is not None:
                yield source

    def _source(self, key: str, reference: str) -> Source | None:
        """The source called `reference`: of this document or, as `dataset.fuente`, of a dataset that this one needs."""
        dataset, _, name = reference.rpartition(".")
        if not dataset:
            self.used.add(name)
            if name not in self.document.fuentes:
                self._wrong(key, reference, "no hay ninguna fuente con ese nombre")
            return self.own.get(name)
        if dataset not in self.dataset.needs:
            self._wrong(key, reference, "no es de este dataset ni de uno que este necesite")
            return None
        other = self.known.get(dataset)
        if other is None:
            self.unknown = True
        elif name not in other.sources:
            self._wrong(key, reference, "no hay ninguna fuente con ese nombre en ese dataset")
        return other.sources.get(name) if other else None
