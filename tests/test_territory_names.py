"""Promise: a municipio is found by any of its names, inside its departamento, and never by guessing."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.checks import resolve_names
from etl.country import fold
from etl.datasets import dataset
from etl.pipeline.run import run
from tests.etl_support import SOURCE


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of the territory."""
    return run([dataset("territorio")], SOURCE).tables


def resolved(tables, *places: tuple[str, str]) -> list[str | None]:
    """Codes of (departamento, name) pairs, None when a name resolves to nothing."""
    frame = pd.DataFrame(places, columns=["departamento", "nombre"])
    codes = resolve_names(frame, "departamento", "nombre", tables)
    return [code if isinstance(code, str) else None for code in codes]


def test_names_and_aliases_resolve_without_accents_or_capitals(tables) -> None:
    assert resolved(tables, ("14", "Ixcán"), ("14", "PLAYA GRANDE IXCAN"), ("01", "san raimundo"), ("14", "Nebaj")) == [
        "1420",
        "1420",
        "0111",
        "1413",
    ]


def test_the_same_name_in_two_departamentos_is_two_municipios(tables) -> None:
    assert resolved(tables, ("05", "La Democracia"), ("13", "La Democracia")) == ["0503", "1312"]


def test_a_name_of_another_departamento_does_not_resolve(tables) -> None:
    assert resolved(tables, ("01", "Nebaj"), ("13", "")) == [None, None]


def test_every_municipio_is_found_by_each_of_its_names(tables) -> None:
    for name, column in (("municipios", "municipio"), ("municipios", "nombre_ign"), ("municipios_alias", "alias")):
        rows = tables[name]
        pairs = zip(rows["codigo_departamento"], rows[column].str.upper(), strict=True)
        assert resolved(tables, *pairs) == rows["codigo_municipio"].to_list()


def test_regions_of_decreto_70_86(tables) -> None:
    regions = tables["departamentos"].groupby("region")["codigo_departamento"].agg(list).to_dict()
    assert regions == {
        "metropolitana": ["01"],
        "norte": ["15", "16"],
        "nororiente": ["02", "18", "19", "20"],
        "suroriente": ["06", "21", "22"],
        "central": ["03", "04", "05"],
        "suroccidente": ["07", "08", "09", "10", "11", "12"],
        "noroccidente": ["13", "14"],
        "peten": ["17"],
    }


def test_codes_of_each_publisher_are_one_to_one(tables) -> None:
    municipios = tables["municipios"]
    assert len(municipios) == 340
    for column in ("codigo_municipio", "codigo_tse", "codigo_trep"):
        assert municipios[column].is_unique


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="áéíóúüñÁÉÍÓÚÜÑabcxyz ABC", max_size=30))
def test_folding_forgets_capitals_accents_and_spaces(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(f"  {text.lower()} ")
    assert fold(text).isascii()
