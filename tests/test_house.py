"""Promise: the house keeps its plan. Rooms are few, lower ones never import upper ones, and each says what is in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.browser_support import ROOT

#: From the lowest to the highest: what is in one layer imports from the layers before it, never from its own or a later one.
LAYERS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "etl": (
        ("__init__", "model", "country"),
        ("fields", "licenses", "release", "disclosure", "geometry"),
        ("checks", "pipeline"),
        ("datasets",),
        ("cubes",),
        ("microdata", "publish"),
        ("demo",),
        ("commands",),
        ("__main__",),
    ),
    "dashboard": (
        ("__init__", "words"),
        ("address",),
        ("figures",),
        ("indicators", "commitment"),
        ("view",),
        ("kinds",),
        ("render", "views"),
        ("site",),
        ("pages",),
        ("web",),
        ("app",),
        ("__main__",),
    ),
}
MOST_ENTRIES = {"etl": 17, "dashboard": 15}
#: A module has one reason to change, and a function fits on a screen.
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 400, 50
#: Modules that are found by being in their folder: adding one changes no list, so its own docstring says what it is.
DISCOVERED = (
    "dashboard.views",
    "dashboard.views.extranjero",
    "dashboard.views.mesas",
    "etl.datasets",
    "etl.publish.history.migrations.versions",
)


@cache
def modules(top: str) -> Mapping[str, Path]:
    """Every module of a package by its dotted name; a package is named like its folder."""
    found = {}
    for path in sorted((ROOT / top).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(top: str) -> Mapping[str, frozenset[str]]:
    """The modules of the same package that each module imports, at any depth of its code."""
    known = modules(top)
    return {
        name: frozenset(
            target for wanted in _imported(path, name) if (target := _module(wanted, known)) and target != name
        )
        for name, path in known.items()
    }


def _imported(path: Path, name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (item.name for item in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports by a relative name"
            yield from (f"{node.module}.{item.name}" for item in node.names)


def _module(wanted: str, known: Mapping[str, Path]) -> str | None:
    """The module that an imported name is or belongs to."""
    while wanted and wanted not in known:
        wanted = wanted.rpartition(".")[0]
    return wanted or None


def room(module: str) -> str:
    """The entry at the top of its package that a module is in."""
    return module.split(".")[1] if "." in module else "__init__"


@pytest.mark.parametrize("top", LAYERS)
def test_rooms_are_few(top: str) -> None:
    entries = [path for path in (ROOT / top).iterdir() if path.suffix == ".py" or any(path.glob("*.py"))]
    assert len(entries) <= MOST_ENTRIES[top], sorted(path.name for path in entries)


@pytest.mark.parametrize("top", LAYERS)
def test_every_room_is_in_one_layer(top: str) -> None:
    placed = [name for layer in LAYERS[top] for name in layer]
    assert sorted(placed) == sorted({room(name) for name in modules(top)})


@pytest.mark.parametrize("top", LAYERS)
def test_nothing_imports_from_its_own_layer_or_a_later_one(top: str) -> None:
    level = {name: number for number, layer in enumerate(LAYERS[top]) for name in layer}
    wrong = [
        (module, target)
        for module, targets in imports(top).items()
        for target in targets
        if room(target) != room(module) and level[room(target)] >= level[room(module)] and target != top
    ]
    assert wrong == []


@pytest.mark.parametrize("top", LAYERS)
def test_no_module_imports_itself_through_others(top: str) -> None:
    graph = {name: set(targets) - {top} for name, targets in imports(top).items()}
    # A package whose __init__ gathers its own modules is one with them.
    while leaves := {name for name, targets in graph.items() if not targets & set(graph)}:
        graph = {name: targets for name, targets in graph.items() if name not in leaves}
    assert graph == {}


@pytest.mark.parametrize("top", LAYERS)
def test_every_package_says_what_is_in_it(top: str) -> None:
    for name, path in modules(top).items():
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")), clean=False)
        assert said, f"{name} does not say what it is"
        if path.name != "__init__.py" or name in DISCOVERED:
            continue
        inside = {child.rpartition(".")[2] for child in modules(top) if child.rpartition(".")[0] == name}
        listed = set(re.findall(r"^ *(\w+)  +\S", said, re.M))
        assert listed == inside - {"__main__"}, f"{name}: {sorted(listed ^ (inside - {'__main__'}))}"


@pytest.mark.parametrize("top", ["etl", "dashboard", "tests", "bench"])
def test_modules_and_functions_are_short(top: str) -> None:
    long = {}
    for name, path in modules(top).items():
        source = path.read_text(encoding="utf-8")
        if (lines := len(source.splitlines())) > MOST_LINES:
            long[name] = lines
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and (lines := _lines(node)) > MOST_LINES_OF_A_FUNCTION
            ):
                long[f"{name}.{node.name}"] = lines
    assert long == {}


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
