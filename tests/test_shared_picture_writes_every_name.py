"""Promise: the picture shown when a profile is shared can write every name, with its accents, and in bold."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboard.render.preview import font

NO_CHARACTER = "\uffff"
#: What sentences and names of languages use besides the names of places.
MARKS = "¿?¡!«»–—%,.:()ʼ’üÜñÑ"


@pytest.mark.parametrize("bold", [False, True])
def test_every_letter_of_every_place_has_a_drawing(release_path: Path, bold: bool) -> None:
    names = [
        *pd.read_parquet(release_path / "municipios.parquet")["municipio"],
        *pd.read_parquet(release_path / "departamentos.parquet")["departamento"],
    ]
    letters = sorted(set("".join(names) + MARKS) - {" "})
    assert len(names) >= 362 and "é" in letters
    written = font(60, bold)
    empty = bytes(written.getmask(NO_CHARACTER))
    assert empty and [letter for letter in letters if bytes(written.getmask(letter)) == empty] == []


def test_what_is_in_bold_is_heavier() -> None:
    plain, bold = (sum(bytes(font(60, heavy).getmask("Totonicapán"))) for heavy in (False, True))
    assert bold > 1.2 * plain
