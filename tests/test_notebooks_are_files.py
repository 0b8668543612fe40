"""Promise: a notebook is a valid file of its kind that says where the site is and which release it reads, has an address as any
other file of a release, and is refused where it could not be run.
"""

from __future__ import annotations

import ast
import fnmatch
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import httpx
import jsonschema
import pytest

from dashboard.render.notebooks import FOLDER, NOTEBOOKS, lacking, written
from etl.release import Release
from tests.browser_support import ROOT
from tests.notebooks_support import PLACE, cells_of, chunks_of, notebook_of
from tests.release_support import asked_of
from tests.test_release_is_the_only_truth import older

PANDAS, R = NOTEBOOKS
#: Of a notebook of Jupyter, what its format (nbformat 4.5) asks of one that was not run and has no attachments.
TEXT = {"type": "array", "items": {"type": "string"}, "minItems": 1}
CELL = {
    "type": "object",
    "required": ["id", "cell_type", "metadata", "source"],
    "properties": {"id": {"type": "string", "pattern": "^[a-zA-Z0-9_-]{1,64}$"}, "metadata": {"type": "object"}},
}
MARKDOWN_CELL = {
    "additionalProperties": False,
    "properties": {"id": True, "metadata": True, "cell_type": {"const": "markdown"}, "source": TEXT},
}
CODE_CELL = {
    "additionalProperties": False,
    "required": ["outputs", "execution_count"],
    "properties": {
        "id": True, "metadata": True, "cell_type": {"const": "code"}, "source": TEXT,
        "outputs": {"const": []}, "execution_count": {"type": "null"},
    },
}  # fmt: skip
NBFORMAT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["metadata", "nbformat_minor", "nbformat", "cells"],
    "properties": {
        "nbformat": {"const": 4},
        "nbformat_minor": {"const": 5},
        "metadata": {
            "type": "object",
            "required": ["kernelspec", "language_info"],
            "properties": {
                "kernelspec": {"type": "object", "required": ["name", "display_name"]},
                "language_info": {"type": "object", "required": ["name"]},
            },
        },
        "cells": {"type": "array", "items": {"allOf": [CELL], "oneOf": [MARKDOWN_CELL, CODE_CELL]}},
    },
}


@pytest.fixture(scope="module")
def release(release_path: Path) -> Release:
    return Release.open(release_path)


@pytest.fixture(scope="module")
def taken(declared_site: str, release: Release) -> Callable[[str], bytes]:
    """The bytes of a notebook as the site gives it."""
    return lambda name: notebook_of(declared_site, name, release.id)


def test_a_notebook_of_jupyter_is_valid(taken: Callable[[str], bytes]) -> None:
    for content in ((FOLDER / PANDAS.name).read_bytes(), taken(PANDAS.name)):
        document = json.loads(content)
        jsonschema.validate(document, NBFORMAT)
        marks = [cell["id"] for cell in document["cells"]]
        assert len(marks) == len(set(marks))


def test_the_first_code_says_where_it_is_read_from(
    taken: Callable[[str], bytes], declared_site: str, release: Release
) -> None:
    first = [line for line in cells_of(taken(PANDAS.name))[0].splitlines() if not line.startswith("#")]
    assert first == [f'SITIO = "{declared_site}"', f'PUBLICACION = "{release.id}"']
    first = [line for line in chunks_of(taken(R.name))[0].splitlines() if not line.startswith("#")]
    assert first == [f'SITIO <- "{declared_site}"', f'PUBLICACION <- "{release.id}"']


def test_whatever_a_site_is_called_it_is_no_code() -> None:
    name = 'https://x.example/"\nimport os\\'
    tree = ast.parse(cells_of(written(PANDAS, name, "latest"))[0])
    assert [ast.literal_eval(one.value) for one in tree.body if isinstance(one, ast.Assign)] == [name, "latest"]
    assert len(tree.body) == 2
    assert chunks_of(written(R, name, "latest"))[0].splitlines()[1] == f"SITIO <- {json.dumps(name)}"


def test_they_are_installed_with_the_rest() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"][
        "*"
    ]
    for path in FOLDER.parent.rglob("*.*"):
        assert any(fnmatch.fnmatch(path.name, pattern) for pattern in told), path


# --- Their addresses --------------------------------------------------------------------------------------------------


def test_a_notebook_is_a_file_as_any_other(declared_site: str, release: Release) -> None:
    for notebook in NOTEBOOKS:
        address = f"{declared_site}{PLACE}/{notebook.name}"
        current, pinned = httpx.get(address), httpx.get(address, params={"publicacion": release.id})
        assert current.content == pinned.content and current.headers["content-type"] == notebook.media_type
        assert "immutable" in pinned.headers["cache-control"] and "immutable" not in current.headers["cache-control"]
        assert pinned.headers["content-disposition"] == f'attachment; filename="{notebook.name}"'
        assert pinned.headers["access-control-allow-origin"] == "*"
        assert f"{address}?publicacion={release.id}" in pinned.headers["link"]
        (etag,) = pinned.headers.get_list("etag")
        assert not etag.startswith("W/")
        assert httpx.get(address, headers={"If-None-Match": etag}).status_code == 304
        head = httpx.head(address, headers={"Accept-Encoding": "identity"})
        assert (head.status_code, head.content) == (200, b"") and head.headers["content-length"] == str(
            len(current.content)
        )
        away = httpx.get(address, params={"publicacion": "latest"})
        assert (away.status_code, away.headers["location"]) == (
            302,
            f"{PLACE}/{notebook.name}?publicacion={release.id}",
        )


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("otro.ipynb", 404),
        ("analisis_con_r.rmd", 404),
        ("..%2Fbase.html.j2", 404),
        ("%2e%2e%2f%2e%2e%2fnotebooks.py", 404),
        (f"{PANDAS.name}%00", 404),
        (f"{PANDAS.name}?publicacion=no-es-una", 404),
        (f"{PANDAS.name}?publicacion=2026-07-12-00000000", 404),
        (f"{PANDAS.name}?publicacion=..%2F..%2Fetc", 404),
        (f"{PANDAS.name}?publicacion=%22%0aimport+os", 404),
        (f"{PANDAS.name}?sitio=https://otro.example", 400),
        (f"{R.name}?publicacion=latest&a=1", 302),
    ],
)
def test_what_is_not_there_is_refused(asked: str, status: int, declared_site: str) -> None:
    answer = httpx.get(f"{declared_site}{PLACE}/{asked}")
    assert answer.status_code == status
    if status != 302:
        assert answer.headers["content-type"] == "application/problem+json"


def test_nothing_is_asked_but_to_read(declared_site: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert httpx.request(method, f"{declared_site}{PLACE}/{R.name}").status_code == 405


def test_a_release_that_they_cannot_read_says_what_it_lacks(release: Release, tmp_path: Path) -> None:
    assert lacking(release) == ()
    folder = older(release, tmp_path / release.id, ("extranjero",), [("poblacion_municipal", "corte")])
    assert lacking(Release.open(folder)) == ("la columna corte de poblacion_municipal", "la tabla extranjero")
    for answer in asked_of(folder, *(f"{PLACE}/{notebook.name}" for notebook in NOTEBOOKS)):
        assert answer.status_code == 404
        assert "la columna corte de poblacion_municipal, la tabla extranjero" in answer.json()["detail"]
