"""What is asked against what is published: a matrix for each part of the question, whose picture is a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.commitment.crosses import DIVISIONS, LEVELS, RESIDENCES, TOPICS, Availability, Cell
from dashboard.view import Result
from dashboard.words import Figure, Sentence, integer, sentence

WORDS = {Availability.PUBLISHED: "Publicado", Availability.PARTIAL: "En parte", Availability.MISSING: "No publicado"}


@dataclass(frozen=True)
class Row:
    """A topic and residence divided by one group: its cells from the coarsest level to the finest, and the paragraphs that
    ask for what they lack.
    """

    cells: tuple[Cell, ...]
    petitions: tuple[str, ...]

    @property
    def topic(self) -> str:
        """The topic of its cells."""
        return self.cells[0].cross.topic

    @property
    def residence(self) -> str:
        """The residence of its cells."""
        return self.cells[0].cross.residence

    @property
    def title(self) -> str:
        """What it is divided by, in words."""
        return DIVISIONS[self.cells[0].cross.division]


@dataclass(frozen=True)
class Block:
    """One part of the question: a topic, for the residents of the country or for those abroad."""

    topic: str
    residence: str
    title: str
    levels: tuple[str, ...]
    rows: tuple[Row, ...]

    def count(self, state: Availability) -> int:
        """How many of its crosses are in a state."""
        return sum(cell.state is state for row in self.rows for cell in row.cells)

    @property
    def size(self) -> int:
        """How many crosses it has."""
        return sum(len(row.cells) for row in self.rows)


@dataclass(frozen=True)
class Facts:
    """The blocks, in the order of the question."""

    blocks: tuple[Block, ...]

    def count(self, state: Availability) -> int:
        """How many crosses are in a state."""
        return sum(block.count(state) for block in self.blocks)


@dataclass(frozen=True)
class Material:
    """Every row, in the order of the question."""

    rows: Sequence[Row]


def facts(result: Result) -> Facts:
    """The rows by block."""
    material: Material = result.material
    blocks = tuple(
        Block(
            topic,
            residence,
            f"{title} {where}",
            tuple(LEVELS[residence].values()),
            tuple(row for row in material.rows if (row.topic, row.residence) == (topic, residence)),
        )
        for topic, title in TOPICS.items()
        for residence, where in RESIDENCES.items()
    )
    return Facts(blocks)


def text(facts: Facts) -> tuple[Sentence, ...]:
    """How many crosses there are and in which state; then the same for each block."""
    whole = sum(block.size for block in facts.blocks)
    first = sentence(
        "De los {whole} cruces que pide el compromiso GT0105, {published} están publicados, {partial} lo están solo en "
        "parte y {missing} no se han publicado.",
        whole=_figure(whole),
        **{name: _figure(facts.count(state)) for name, state in NAMED.items()},
    )
    return (first, *(_block(block) for block in facts.blocks))


NAMED = {"published": Availability.PUBLISHED, "partial": Availability.PARTIAL, "missing": Availability.MISSING}


def _block(block: Block) -> Sentence:
    one = "publicado" if block.count(Availability.PUBLISHED) == 1 else "publicados"
    return sentence(
        block.title + ": de {whole} cruces, {published} " + one + ", {partial} en parte y {missing} sin publicar.",
        whole=_figure(block.size),
        **{name: _figure(block.count(state)) for name, state in NAMED.items()},
    )


def _figure(count: int) -> Figure:
    return Figure(integer(count), count)


def figure(facts: Facts) -> list[dict[str, object]]:
    """The state of each cross, as drawn."""
    return [
        {
            "titulo": block.title,
            "niveles": list(block.levels),
            "cruces": {row.title: [cell.state.value for cell in row.cells] for row in block.rows},
        }
        for block in facts.blocks
    ]
