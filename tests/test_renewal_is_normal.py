"""Promise: renewing the registry as the instructions say works every time, and nothing that was published before is lost."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.browser_support import ROOT
from tests.checkout_support import TOTALS, Checkout, Row, is_cell, scaled, small_checkout, total, with_rows
from tests.etl_support import PADRON, SOURCE, provenance, table

REAL = (SOURCE / "padron_municipal" / PADRON).read_bytes()
KEPT = ("territorio", "elecciones", "padron_municipal", "padron_serie")
GUIDE = (ROOT / "docs" / "operacion.md").read_text(encoding="utf-8")
STEPS = GUIDE.split("## Un corte nuevo del padrón, paso a paso")[1].split("\n## ")[0]
CAPITAL = ("1", "1")


def orders() -> list[list[str]]:
    """The commands of the guide as they are written, in order: of blocks, and between backticks."""
    blocks = re.sub(r"\\\n\s*", "", STEPS)
    found = re.findall(r"\.venv/bin/python -m etl ([^`\n]+)", blocks)
    return [shlex.split(text) for text in found]


def timer() -> list[str]:
    """The command that the scheduled task runs."""
    unit = (ROOT / "docs" / "despliegue" / "padron-datos.service").read_text(encoding="utf-8")
    (text,) = re.findall(r"ExecStart=\S+/python -m etl (.+)", unit)
    return shlex.split(text)


def workbook(path: Path, totals: dict[str, int]) -> None:
    """The real workbook with the official totals `totals`: the difference lives in the capital, aged 18 to 25."""

    def moved(row: Row) -> Row:
        if (row["CODDEP"], row["CODMUN"]) != CAPITAL:
            return row
        counts = {name: int(value) for name, value in row.items() if is_cell(name)}
        illiterate = totals["analfabetas"] - total(REAL, TOTALS["analfabetas"])
        counts["MUJERES_ANALFABETAS"] += illiterate
        counts["MUJERES_ALFABETAS"] -= illiterate
        for sex in ("mujeres", "hombres"):
            more, word = totals[sex] - total(REAL, TOTALS[sex]), sex.upper()
            counts[f"{word}_ALFABETAS"] += more
            counts[f"{word}_EDAD_18a25"] += more
        return scaled({"1-1"}, 1.0)(row | {name: str(value) for name, value in counts.items()})

    book = openpyxl.Workbook()
    for cells in table(with_rows(REAL, moved)):
        book.active.append([int(cell) if cell.isdigit() else cell for cell in cells])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A copy of the project where the guide was followed three times, for three cut-offs, and the timer published."""
    checkout = small_checkout(tmp_path_factory.mktemp("renovar") / "padron", KEPT)
    assert checkout.etl("build").returncode == 0
    written = orders()
    assert [order[0] for order in written] == ["fuente", "diff", "publish"]
    for number, day in enumerate(("2026-09-30", "2026-10-31", "2026-11-20")):
        order = list(written[0])
        totals = {
            name: int(value) for name, value in (text.split("=") for text in order if "=" in text and "//" not in text)
        }
        grown = {name: value + number * 20_000 * (2 if name == "empadronados" else 1) for name, value in totals.items()}
        path = checkout.folder / "Descargas" / f"{number}.xlsx"
        workbook(path, grown)
        order = [str(path) if "Descargas" in text else day if text == "2026-09-30" else text for text in order]
        order = [f"{name}={grown[name]}" if (name := text.split("=")[0]) in grown else text for text in order]
        for command in (order, written[1], timer() if number else [*written[2], "--si"]):
            done = checkout.etl(*command)
            assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return checkout


def frame(checkout: Checkout, name: str) -> pd.DataFrame:
    """A table of the current release."""
    return pd.read_parquet(checkout.current.root / f"{name}.parquet")


CUTOFFS = ["2026-07-12", "2026-09-30", "2026-10-31", "2026-11-20"]


def test_the_series_hold_every_cutoff_with_its_own_figure(renewed: Checkout) -> None:
    national = frame(renewed, "padron_serie_nacional").query("fecha.str.len() == 10 and ambito == 'pais'")
    by_day = national[national["fecha"].isin(CUTOFFS)].set_index("fecha")["empadronados"]
    assert by_day.to_dict() == dict(zip(CUTOFFS, [10_030_374, 10_100_000, 10_140_000, 10_180_000], strict=True))
    municipal = frame(renewed, "padron_serie_municipal")
    assert municipal.groupby("fecha_texto")["empadronados"].sum()[CUTOFFS].to_list() == by_day.to_list()
    departamental = frame(renewed, "padron_serie_departamental").query("cobertura == 'completa'")
    assert departamental.groupby("fecha_texto")["empadronados"].sum()[CUTOFFS].to_list() == by_day.to_list()


def test_what_is_current_is_the_newest_delivery_alone(renewed: Checkout) -> None:
    for name in ("padron_municipal_edad", "padron_municipal_alfabetismo"):
        assert frame(renewed, name)["empadronados"].sum() == 10_180_000
    files = {item["tabla"]: item for item in renewed.current.manifest["archivos"]}
    assert files["padron_municipal_edad"]["corte"] == "2026-11-20"
    assert len(provenance(renewed.source / "padron_municipal").archivos) == 4


def test_every_delivery_says_where_it_comes_from(renewed: Checkout) -> None:
    rows = frame(renewed, "padron_serie_nacional").query("fecha == '2026-09-30'")
    assert rows["url"].to_list() == ["https://www.tse.org.gt/…, descargado el 5 de octubre de 2026"]
    assert rows["confianza"].to_list() == ["alta"]


def test_a_second_delivery_of_one_day_takes_the_place_of_the_first(renewed: Checkout, tmp_path: Path) -> None:
    copy = copied(renewed, tmp_path)
    before = provenance(copy.source / "padron_municipal")
    corrected = deliver(copy, "2026-11-20", lambda row: row)
    assert corrected.returncode == 0, corrected.stdout
    after = provenance(copy.source / "padron_municipal")
    (kept,) = after.anteriores
    assert len(after.archivos) == len(before.archivos) and kept.corte == date(2026, 11, 20)
    assert (copy.source / "padron_municipal" / kept.archivo).is_file()


def test_what_disappears_is_still_an_alarm(renewed: Checkout, tmp_path: Path) -> None:
    """A delivery that somebody takes out of the list is not superseded: it is lost, and the publication stops."""
    copy = copied(renewed, tmp_path)
    path = copy.source / "padron_municipal" / "fuente.toml"
    text = path.read_text(encoding="utf-8")
    first = text.index("[[archivos]]", text.index("[[archivos]]") + 1)
    second = text.index("[[archivos]]", first + 1)
    name = re.search(r'fuente = "(\w+)"', text[first:second])
    source = re.search(rf"\[fuentes\.{name[1]}\].*?(?=\[fuentes\.(?!{name[1]})|\[\[)", text, re.DOTALL)
    path.write_text((text[:first] + text[second:]).replace(source[0], ""), encoding="utf-8")
    stopped = copy.etl("publish", "--si")
    assert stopped.returncode == 4
    assert "desaparecen todas las cifras de 2026-09-30" in stopped.stdout


def test_two_operators_at_once_lose_no_delivery(renewed: Checkout, tmp_path: Path) -> None:
    """Each delivery is accepted whole, or told to be repeated: none is written over by the other."""
    copy, days = copied(renewed, tmp_path), ("2026-11-21", "2026-11-22")
    with ThreadPoolExecutor(max_workers=2) as both:
        done = dict(zip(days, both.map(lambda day: deliver(copy, day, lambda row: row), days), strict=True))
    assert {item.returncode for item in done.values()} <= {0, 3} and 0 in {item.returncode for item in done.values()}
    kept = {item.corte.isoformat() for item in provenance(copy.source / "padron_municipal").fuentes.values()}
    for day, item in done.items():
        assert (day in kept) == (item.returncode == 0), item.stdout
        assert item.returncode == 0 or "otra entrega de padron_municipal está en curso" in item.stdout


def test_an_older_cutoff_delivered_late_does_not_become_the_current_one(renewed: Checkout, tmp_path: Path) -> None:
    copy = copied(renewed, tmp_path)
    assert deliver(copy, "2025-12-31", scaled({"1-2"}, 0.99)).returncode == 0
    assert copy.etl("publish", "--si").returncode == 0
    assert frame(copy, "padron_municipal_edad")["empadronados"].sum() == 10_180_000
    assert "2025-12-31" in set(frame(copy, "padron_serie_nacional")["fecha"])


def deliver(checkout: Checkout, cutoff: str, change: Callable[[Row], Row | None]):
    """Register the real workbook, changed by `change`, as the delivery of `cutoff`."""
    return checkout.deliver(cutoff, change)


def copied(checkout: Checkout, folder: Path) -> Checkout:
    """Another copy of the same project, to be changed."""
    shutil.copytree(checkout.folder, folder / "padron", symlinks=True)
    return Checkout(folder / "padron")
