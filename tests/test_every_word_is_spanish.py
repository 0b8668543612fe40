"""Promise: what a command line says by itself is Spanish: its help, its errors, and what the system says."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from etl.__main__ import COMMANDS
from etl.pipeline import facts
from etl.pipeline.provenance import Document
from etl.release import reason
from etl.release.spoken import sentence
from tests.etl_support import etl
from tests.test_files_as_people_make_them import ENGLISH

#: Words of ours, or values, that look like English: names of commands, of options and of formats.
OURS = re.compile(
    r"--[\w-]+|python -m \S+ ?\S*|«[^»]*»|data/\S+|SQLAlchemy|\b(build|check|diff|publish|rollback|history)\b"
)


def english(text: str) -> list[str]:
    return ENGLISH.findall(OURS.sub(" ", " ".join(text.split())))


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_the_help_of_every_command(name: str) -> None:
    finished = etl(*([name] if name else []), "--help")
    assert finished.exit_code == 0
    assert "Uso: " in finished.output and "Muestra esta ayuda" in finished.output
    assert "OPTIONS" not in finished.output and "COMMAND" not in finished.output
    told = re.sub(r"[│╭╮╰╯─*]", " ", finished.output)
    assert not english(told), english(told)
    kinds = set(re.findall(r"<([^<>]*)>", " ".join(told.split()))) - {"AAAA-MM-DD"}
    assert {kind for kind in kinds if "|" not in kind} <= {"texto", "ruta", "número"}, kinds


WRONG = {
    ("nada",): "no hay ninguna orden «nada»",
    ("publis",): "no hay ninguna orden «publis»: ¿quiso decir 'publish'",
    ("history", "--nada"): "no hay ninguna opción --nada",
    ("history", "a", "b"): "sobra lo que sigue: a b",
    ("history", "--ultimas"): "a la opción --ultimas le falta su valor",
    ("history", "--ultimas", "x"): "--ultimas: se esperaba un número entero",
    ("history", "--ultimas", "0"): "--ultimas: tiene que ser 1 o más",
    ("publish", "--si=3"): "la opción --si no lleva valor",
    ("fuente",): "falta decir «dataset»",
    ("fuente", "padron_municipal"): "falta decir «archivo»",
    ("fuente", "padron_municipal", "x.csv"): "falta la opción --corte",
    ("fuente", "p", "x.csv", "--corte", "2026-13-01", "--url", "u"): "--corte: «2026-13-01» no es una fecha AAAA-MM-DD",
    (
        "fuente",
        "p",
        "x.csv",
        "--corte",
        "2026-01-01",
        "--url",
        "u",
        "--confianza",
        "mucha",
    ): "«mucha» no está entre: 'alta'",
    ("microdata", "x", "--corte", "2026-01-01", "--max-rechazos", "7"): "--max-rechazos: tiene que ser 1 o menos",
}


@pytest.mark.parametrize("order", WRONG, ids=" ".join)
def test_an_order_that_is_not_well_written(order: tuple[str, ...]) -> None:
    finished = etl(*order)
    assert finished.exit_code == 2
    told = " ".join(re.sub(r"[│╭╮╰╯─]", " ", finished.output).split())
    assert WRONG[order] in told
    assert "Vea cómo se usa con" in told or "La orden no se entendió" in told
    assert not english(told), english(told)


def test_a_message_that_is_not_known_is_not_shown_in_english() -> None:
    assert sentence("Something went wrong") == "la orden no está bien escrita"
    assert sentence("Invalid value for '--x': Something went wrong") == "--x: no es un valor que se acepte"


def test_the_site_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import typer

    from dashboard.__main__ import main
    from etl.release.spoken import speak

    speak()
    site = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    site.command()(main)
    finished = CliRunner().invoke(site, ["--port", "70000"])
    assert finished.exit_code == 2
    assert "--port: tiene que ser 65535 o menos" in finished.output
    assert not english(finished.output)


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_what_the_system_says_is_never_english(number: int) -> None:
    told = reason(OSError(number, os.strerror(number)))
    assert told and not ENGLISH.search(told), told


def test_a_file_that_the_system_does_not_let_read(tmp_path: Path) -> None:
    folder = tmp_path / "fuente.toml"
    folder.mkdir()
    found = facts.read(folder, "x/fuente.toml", Document)
    assert isinstance(found, list) and "es una carpeta" in found[0].message
    finished = etl("fuente", "padron_municipal", str(tmp_path), "--corte", "2026-01-01", "--url", "u")
    assert finished.exit_code == 2
    assert "es una carpeta" in finished.output and not english(finished.output.replace(str(tmp_path), ""))
