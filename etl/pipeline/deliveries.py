"""The current delivery of a source that is delivered again and again: which file, as of when, with which official totals.

It lives in `<dataset>.entrega.toml` beside the dataset, and nowhere else: the dataset declares itself from it, and
`python -m etl fuente` writes it when a new delivery has passed every check.
"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.model import Confidence, License, Source, Total

FOLDER = Path(__file__).parents[1] / "datasets"
#: Another folder to read deliveries from: how a delivery is tried before it is accepted.
VARIABLE = "PADRON_ENTREGAS"
SUFFIX = ".entrega.toml"
HEADER = """\
# La entrega vigente de la fuente. La escribe «python -m etl fuente {dataset} …», que antes revisa el archivo completo:
# docs/operacion.md dice cómo.
"""


@dataclass(frozen=True)
class Delivery:
    """One delivery: its file in data/source/<dataset>, its hash, and what its publisher says of it."""

    file: str
    sha256: str
    cutoff: date
    url: str
    confidence: Confidence
    note: str | None
    totals: tuple[Total, ...]

    def source(self, title: str, publisher: str, terms: License) -> Source:
        """Where the figures of this delivery come from."""
        return Source(
            title=title,
            publisher=publisher,
            url=self.url,
            license=terms,
            cutoff=self.cutoff,
            confidence=self.confidence,
            note=self.note,
            totals=self.totals,
        )


def folder() -> Path:
    """Where deliveries are declared."""
    return Path(os.environ.get(VARIABLE) or FOLDER)


def names() -> list[str]:
    """The datasets that are declared from a delivery."""
    return sorted(path.name.removesuffix(SUFFIX) for path in folder().glob(f"*{SUFFIX}"))


def load(dataset: str) -> Delivery:
    """The current delivery of `dataset`; FileNotFoundError if it has none, KeyError if a part is missing."""
    found = tomllib.loads((folder() / f"{dataset}{SUFFIX}").read_text(encoding="utf-8"))
    return Delivery(
        file=found["archivo"],
        sha256=found["sha256"],
        cutoff=found["corte"],
        url=found["url"],
        confidence=Confidence(found["confianza"]),
        note=found.get("nota"),
        totals=tuple(Total(item["nombre"], item["valor"], item["cita"]) for item in found["total"]),
    )


def as_toml(dataset: str, delivery: Delivery) -> str:
    """The text that `load` reads back."""
    facts = {
        "archivo": json.dumps(delivery.file, ensure_ascii=False),
        "sha256": json.dumps(delivery.sha256),
        "corte": delivery.cutoff.isoformat(),
        "url": json.dumps(delivery.url, ensure_ascii=False),
        "confianza": json.dumps(delivery.confidence.value),
        "nota": json.dumps(delivery.note, ensure_ascii=False) if delivery.note else None,
    }
    lines = [f"{name} = {value}" for name, value in facts.items() if value is not None]
    for total in delivery.totals:
        lines += ["", "[[total]]", f"nombre = {json.dumps(total.name)}", f"valor = {total.value}"]
        lines.append(f"cita = {json.dumps(total.citation, ensure_ascii=False)}")
    return HEADER.format(dataset=dataset) + "\n".join(lines) + "\n"
