"""Promise: the layers hold, without exceptions: etl never knows the site, the site knows a few modules of etl."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.browser_support import ROOT

ETL_FOR_THE_SITE = ("etl.model", "etl.fields", "etl.country", "etl.release")
SQL_LIBRARIES = ("sqlalchemy", "duckdb")


def imports(folder: str) -> Iterator[tuple[Path, str]]:
    """Every (file, module) that the code in `folder` imports, at any depth; `from a import b` counts as `a.b`."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from ((path.relative_to(ROOT), name.name) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = absolute(path, node)
                yield from ((path.relative_to(ROOT), f"{base}.{name.name}") for name in node.names)


def absolute(path: Path, node: ast.ImportFrom) -> str:
    """The module that a `from … import` names, relative dots resolved."""
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).parent.parts
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def within(module: str, *packages: str) -> bool:
    """Whether a module is one of the packages or lives inside one."""
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_etl_never_imports_the_site_tests_or_benchmarks() -> None:
    assert [row for row in imports("etl") if within(row[1], "dashboard", "tests", "bench")] == []


def test_the_site_imports_only_what_etl_publishes_for_it() -> None:
    ours = [row for row in imports("dashboard") if within(row[1], "etl")]
    assert [row for row in ours if not within(row[1], *ETL_FOR_THE_SITE)] == []
    assert [row for row in imports("dashboard") if within(row[1], "tests", "bench")] == []


def test_only_the_figures_know_the_database() -> None:
    outside = [row for row in imports("dashboard") if row[0].parent != Path("dashboard/figures")]
    assert [row for row in outside if within(row[1], *SQL_LIBRARIES)] == []


def test_declarations_import_nothing_of_ours() -> None:
    declared = [row for row in imports("etl") if row[0] == Path("etl/country.py") or row[0].is_relative_to("etl/model")]
    ours = [row for row in declared if within(row[1], "etl", "dashboard")]
    assert [row for row in ours if not within(row[1], "etl.model")] == []
