"""A count that takes the place of one that was published wrong: who decided it and why are data, beside the count.

The reason is in the release made with that count and in every later one: what was corrected is never forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field

from etl.cubes.exact import Exact
from etl.cubes.parts import Part
from etl.model import Problem
from etl.pipeline import facts
from etl.pipeline.facts import STRICT, Text
from etl.pipeline.provenance import written
from etl.release import CorrectionFacts, Past
from etl.release.disk import replace_file

FILE = "correccion.toml"
HEADER = (
    "# Por qué esta cuenta sustituye a otra que ya se publicó. Se publica: no escriba aquí datos de ninguna persona.\n"
)


class Reason(BaseModel):
    """A whole `correccion.toml`: why, who decided it, and the releases whose figures are replaced."""

    model_config = STRICT
    motivo: Text
    quien: Text
    sustituye: Annotated[list[Text], Field(min_length=1)]


@dataclass(frozen=True)
class Recount:
    """A count (an election, or the cut-off of a registry) that replaces what some releases told of it."""

    count: str
    replaces: frozenset[str]
    facts: CorrectionFacts


def count_of(part: Part) -> str:
    """What was counted: an election, whose turnout is one wherever its voters live, or the registry of a cut-off."""
    return part.election or part.cutoff


def told_recounts(past: Past) -> dict[str, list[Recount]]:
    """What the kept releases say that they corrected, by dataset."""
    found: dict[str, list[Recount]] = {}
    for item in past.kept.values():
        for dataset in item.manifest["datasets"] if item.manifest else ():
            for one in dataset["correcciones"]:
                if "cuenta" in one and "sustituye" in one:
                    made = Recount(one["cuenta"], frozenset(one["sustituye"]), one)
                    found.setdefault(dataset["nombre"], []).append(made)
    return found


def waiting_recounts(found: Iterable[Exact]) -> tuple[dict[str, Recount], list[Problem]]:
    """The corrections that wait with the counts, by what was counted; and whatever is wrong with them."""
    folders = {exact.folder: exact.part for exact in found}
    recounts: dict[str, Recount] = {}
    problems: list[Problem] = []
    for folder, part in folders.items():
        if not (folder / FILE).exists():
            continue
        read = facts.read(folder / FILE, f"{folder.parent.name}/{folder.name}/{FILE}", Reason)
        if isinstance(read, list):
            problems += read
        else:
            recounts[count_of(part)] = _recount(folder, part, read)
    return recounts, problems


def _recount(folder: Path, part: Part, reason: Reason) -> Recount:
    replaced = sorted(set(reason.sustituye))
    told: CorrectionFacts = {
        "archivo": f"{folder.name}/{FILE}",
        "que": f"Se contó de nuevo {words(part)}: sustituye lo que dijo {' y '.join(replaced)}",
        "por_que": " ".join(reason.motivo.split()),
        "reporta": " ".join(reason.quien.split()),
        "cuenta": count_of(part),
        "sustituye": replaced,
    }
    return Recount(count_of(part), frozenset(replaced), told)


def words(part: Part) -> str:
    """What was counted, as a person says it."""
    return f"la participación de {part.election}" if part.election else f"el registro de {part.cutoff}"


def facts_of(
    parts: Collection[Part], told: Mapping[str, list[Recount]], waiting: Mapping[str, Recount]
) -> dict[str, list[CorrectionFacts]]:
    """What the manifest says of the counts that are published, by dataset: every correction there ever was of them."""
    made: dict[str, list[CorrectionFacts]] = {}
    for dataset in dict.fromkeys(part.cube for part in parts):
        counts = {count_of(part) for part in parts if part.cube == dataset}
        every = [*told.get(dataset, ()), *waiting.values()]
        distinct = {_key(item.facts): item.facts for item in every if item.count in counts}
        made[dataset] = [distinct[key] for key in sorted(distinct)]
    return made


def notice_of(told: CorrectionFacts) -> str:
    """A correction as a reader is told it."""
    return f"{told['que']}. Por qué: {told['por_que']} ({told['reporta']})."


def _key(told: CorrectionFacts) -> tuple[str, ...]:
    """By which two corrections are the same, and in which order they are told."""
    return told["cuenta"], told["archivo"], *told["sustituye"], told["por_que"], told["reporta"], told["que"]


def note(folder: Path, why: str, who: str, replaced: Collection[str]) -> Path:
    """Write the reason beside the count in `folder`; OSError when it cannot be."""
    told = {"motivo": why, "quien": who, "sustituye": sorted(replaced)}
    text = HEADER + "".join(f"{key} = {written(value)}\n" for key, value in told.items())
    replace_file(folder / FILE, text.encode(), folder / f".{FILE}.{os.getpid()}")
    return folder / FILE
