"""Every published column says what it is in Spanish and in English, beside each other, and the one says what the other does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from etl.cubes.declared import CUBES
from etl.cubes.tables import cube_dataset
from etl.datasets import all_datasets
from etl.model import Field
from etl.publish.told import published


def columns() -> Iterator[tuple[str, Field]]:
    """Every column of every table that can be published, those of invented people too, each with its table."""
    cubes = (cube_dataset(cube, [date(2026, 7, 12)], synthetic) for cube in CUBES for synthetic in (False, True))
    for dataset in (*all_datasets(), *cubes):
        for table in dataset.tables:
            yield from ((table.name, item) for item in published(table).columns)


def test_no_column_lacks_its_english() -> None:
    lacking = {f"{table}.{item.name}" for table, item in columns() if not all(map(str.strip, item.english))}
    assert not lacking, f"sin título o descripción en inglés (english=) en su declaración: {sorted(lacking)}"


@pytest.mark.parametrize("language", ["spanish", "english"])
def test_what_differs_in_one_language_differs_in_the_other(language: str) -> None:
    """A column made from another (`replace`) with new words in one language has not kept the old ones in the other."""
    said = defaultdict(set)
    for _, item in columns():
        spanish, english = (item.name, item.description), (item.name, item.english[1])
        told, other = (spanish, english) if language == "spanish" else (english, spanish)
        said[told].add(other)
    assert not {told: others for told, others in said.items() if len(others) > 1}


def test_english_is_not_spanish_again() -> None:
    spanish_only = set("áéíóúñ¿¡«»")
    names = {"Sacatepéquez"}
    for table, item in columns():
        for words in item.english:
            plain = " ".join(word for word in words.split() if word.strip(",.;:") not in names)
            assert not spanish_only & set(plain.lower()), f"{table}.{item.name}: {words}"
        assert item.english[1] != item.description, f"{table}.{item.name}"
