"""What places cannot say of persons, in words: every face of the groups of places says it first."""

from __future__ import annotations

from dashboard.indicators.characteristics import Characteristic
from dashboard.indicators.fallacy import Example
from dashboard.words import Figure, Sentence, sentence

#: What the faces begin with.
OF_PLACES = "Habla de lugares, no de personas."


def caution(characteristic: Characteristic) -> str:
    """What the figures say, and of whom they say nothing."""
    return (
        "En un mismo municipio viven personas muy distintas. Estas cifras dicen cómo son los lugares: no dicen qué hacen "
        f"{characteristic.who}, ni por qué."
    )


def deceived(example: Example) -> Sentence:
    """An example, with figures of the release, of places and persons that say the opposite."""
    write = example.indicator.unit.write
    figures = {name: getattr(example, name) for name in ("high", "low", "have", "rest")}
    said = {name: Figure(write(value), value) for name, value in figures.items()}
    return sentence(f"Y pueden engañar. Ejemplo: {example.candidate.words}", seems=example.seems, **said)
