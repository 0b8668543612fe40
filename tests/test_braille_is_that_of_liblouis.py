"""Promise: what is written in braille is the Spanish without contractions that liblouis, which reads and prints it for the blind,
writes too."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from dashboard.render.braille import ASCII, BLANK, LETTERS, MARKS, ascii_braille, cells, dots, readable, wrapped
from dashboard.site import Site
from dashboard.views import VIEWS
from dashboard.words import CHANGE, COUNT, NO_DATA, NOBODY, PERCENT, WITHHELD
from etl.release import Release
from tests.braille_support import AMERICAN, read, translated

RANDOM_TEXTS = 400


def text_of(chance: random.Random) -> str:
    """Some words, numbers and signs, as texts in Spanish have them."""
    words = []
    for _ in range(chance.randrange(1, 10)):
        word = "".join(chance.choice("".join(LETTERS)) for _ in range(chance.randrange(1, 9)))
        number = f"{chance.random() * 10 ** chance.randrange(1, 7):,.{chance.randrange(2)}f}"
        words.append(chance.choice([word, word, word.capitalize(), word.upper(), number]))
        words.append(chance.choice([" ", " ", " ", *MARKS]))
    return "".join(words).strip()


@pytest.fixture(scope="module")
def told(release_path: Path) -> list[str]:
    """Everything that the site has to say in braille: names, legends, questions, sentences, reasons and numbers."""
    site = Site(Release.open(release_path))
    texts = [*site.names.values(), NO_DATA, NOBODY, WITHHELD]
    for view, topic in (("padron_mapa", "padron"), ("participacion_mapa", "participacion")):
        offer = site.offer(topic)
        for name in offer.indicators:
            answer = site.answer(view, VIEWS[view].asked({"indicador": name}, site.data).selection)
            facts = answer.facts
            texts += [words for _, words in facts.classes.labels()] + [answer.question, facts.indicator.title]
            texts += [sentence.plain() for sentence in answer.sentences] + [place.text for place in facts.places[:40]]
            texts += [f"{one.publisher}: {one.title} ({one.cutoff_text})" for one in answer.sources]
    texts += [
        unit.write(value) for unit in (COUNT, PERCENT, CHANGE) for value in (0, 7, -3.25, 98.76, 12_345, 9_876_543.2)
    ]
    return list(dict.fromkeys(readable(text) for text in texts if text))


def test_every_name_legend_and_number(told: list[str]) -> None:
    assert len(told) > 700
    assert [cells(text) for text in told] == translated(told)


def test_any_text_in_spanish() -> None:
    chance = random.Random(20260712)
    texts = [text_of(chance) for _ in range(RANDOM_TEXTS)]
    assert [cells(text) for text in texts] == translated(texts)


def test_the_ascii_is_that_of_braille_printers(told: list[str]) -> None:
    assert [ascii_braille(cells(text)) for text in told] == translated(told, AMERICAN)
    assert len(set(ASCII)) == 64


def test_what_has_no_sign_is_said_another_way() -> None:
    assert readable("−3.5\u00a0% · 3.º K’iche’ Ä → ☃") == "-3.5 % - 3.o K’iche’ A  "
    assert dots("\u2813") == (1, 2, 5) and dots(BLANK) == ()


def test_it_is_read_back(told: list[str]) -> None:
    names = [text for text in told if text.replace(" ", "").isalpha()]
    assert len(names) > 300 and [read(cells(text)) for text in names] == names


@pytest.mark.parametrize("width", [12, 25, 31, 40])
def test_lines_are_cut_between_words(told: list[str], width: int) -> None:
    for text in told:
        lines = wrapped(text, width, 2)
        assert all(len(line) <= width for line in lines)
        assert "".join(lines).replace(BLANK, "") == cells(text).replace(BLANK, "")
