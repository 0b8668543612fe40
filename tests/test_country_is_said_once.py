"""Promise: what belongs to the country is said in one module, and codes of places are taken apart nowhere else in the ETL."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import country
from etl.country import COUNTRY, fold
from tests.browser_support import ROOT

FACTS = (
    COUNTRY.locale,
    COUNTRY.utc_offset,
    COUNTRY.crs,
    COUNTRY.degrees,
    COUNTRY.abroad,
    COUNTRY.capital,
    COUNTRY.tribunal.name,
    COUNTRY.tribunal.url,
    COUNTRY.access_law.decree,
    COUNTRY.commitment,
    COUNTRY.departamento_pattern,
    COUNTRY.municipio_pattern,
)
#: The same words for something else: a class of errors of SQL, and the number of a fact of a transcription.
OTHERS = {("etl/microdata/databases.py", "25"), ("etl/datasets/procedimientos.py", COUNTRY.departamento_pattern)}
CODES = ("code", "codes", "codigo", "key")


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the ETL but the one that says it, by its path."""
    for path in sorted((ROOT / "etl").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if path != Path(country.__file__):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_no_other_module_says_a_fact_of_the_country() -> None:
    said = {
        (name, node.value)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value in FACTS
    }
    assert said == OTHERS


def test_no_other_module_takes_a_code_apart() -> None:
    """No slice of two, and no length, of what is called a code; no slice of the texts of a column."""
    found = []
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
                of = ast.unparse(node.value)
                if of in CODES and ast.unparse(node.slice) in (":2", "2:"):
                    found.append((name, ast.unparse(node)))
                if of.endswith(".str") and "codigo_municipio" in of:
                    found.append((name, ast.unparse(node)))
            if isinstance(node, ast.Call) and ast.unparse(node) in [f"len({word})" for word in CODES]:
                found.append((name, ast.unparse(node)))
    assert found == []


def test_codes_of_one_place_and_of_a_column_agree() -> None:
    codes = pd.Series(["0101", "2217", "2503", None], dtype="str")
    assert country.departamentos_of(codes).fillna("").to_list() == ["01", "22", "25", ""]
    assert [country.departamento_of(code) for code in codes.dropna()] == ["01", "22", "25"]
    assert country.departamento_of("14") == "14"
    assert country.numbers_within(codes.dropna()).to_list() == ["1", "17", "3"]
    assert country.departamento_codes(pd.Series(["1", "22"], dtype="str")).to_list() == ["01", "22"]
    assert country.municipio_codes(pd.Series(["101", "2217"], dtype="str")).to_list() == ["0101", "2217"]
    assert country.codes_abroad(pd.Series(["3", "12"], dtype="str")).to_list() == ["2503", "2512"]
    assert [country.is_municipio(code) for code in ("0101", "01", "")] == [True, False, False]
    assert [country.is_departamento(code) for code in ("0101", "01", "")] == [False, True, False]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("SAN JOSÉ  PINULA", "san jose pinula"),
        ("Ñuñoa", "nunoa"),
        ("Ixcán ", "ixcan"),
        ("2.ª vuelta", "2.a vuelta"),
        ("Straße", "strasse"),
    ],
)
def test_names_are_compared_without_accents_capitals_or_spaces(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_a_part_is_found_in_the_whole(text: str) -> None:
    assert fold(text) in fold(f"antes {text} después")
