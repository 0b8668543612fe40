"""One registry in every form that staff may have it, each with the options that the command needs to read it."""

from __future__ import annotations

import gzip
import sqlite3
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from etl.microdata.layout import DEFAULT

#: Where a form was written, and the options with which it is counted.
Written = tuple[Path, tuple[str, ...]]
Form = Callable[[pd.DataFrame, Path], Written]


def as_text(registry: pd.DataFrame) -> pd.DataFrame:
    """The registry with every value written, and nothing where there is none."""
    return registry.astype("object").where(registry.notna(), "").astype("str")


def csv_bytes(registry: pd.DataFrame, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The registry as a CSV file."""
    return as_text(registry).to_csv(index=False, sep=delimiter).encode(encoding)


def layout_with(folder: Path, *changes: tuple[str, str], more: str = "") -> tuple[str, str]:
    """The option of a layout like the one that comes, with some text changed, and more at its end."""
    text = DEFAULT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "mi_extracto.toml"
    path.write_text(text + more, encoding="utf-8")
    return "--columnas", str(path)


def plain(registry: pd.DataFrame, folder: Path) -> Written:
    path = folder / "padron.csv"
    path.write_bytes(csv_bytes(registry))
    return path, ()


def compressed(encoding: str) -> Form:
    """A CSV inside gzip."""

    def write(registry: pd.DataFrame, folder: Path) -> Written:
        path = folder / "padron.csv.gz"
        path.write_bytes(gzip.compress(csv_bytes(registry, ";", encoding), 1))
        return path, ()

    return write


def zipped(encoding: str) -> Form:
    """A CSV inside a ZIP, in a folder, beside what macOS adds."""

    def write(registry: pd.DataFrame, folder: Path) -> Written:
        path = folder / "padron.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("entrega/padron.csv", csv_bytes(registry, "|", encoding))
            archive.writestr("__MACOSX/entrega/._padron.csv", b"x")
        return path, ()

    return write


def workbook(registry: pd.DataFrame, folder: Path) -> Written:
    """Dates and numbers as Excel has them, two sheets of records, titles above the header and a sheet of notes."""
    path = folder / "padron.xlsx"
    frame = registry.assign(
        FECHA_NACIMIENTO=pd.to_datetime(registry["FECHA_NACIMIENTO"]), CODMUN=_numbers(registry["CODMUN"])
    )
    half = len(frame) // 2
    with pd.ExcelWriter(path, datetime_format="dd/mm/yyyy") as writer:
        frame.iloc[:half].to_excel(writer, sheet_name="Uno", index=False, startrow=3)
        writer.sheets["Uno"].write(0, 0, "Padrón electoral")
        frame.iloc[half:].to_excel(writer, sheet_name="Dos", index=False)
        pd.DataFrame({"nota": ["nada"]}).to_excel(writer, sheet_name="Notas", index=False)
    return path, layout_with(folder, ('fecha = "AAAA-MM-DD"', 'fecha = "DD/MM/AAAA"'))


def _numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype("Int64").astype("object").where(column.notna(), None)


def fixed(encoding: str, end: str = "\n") -> Form:
    """Columns one after another, without a header."""

    def write(registry: pd.DataFrame, folder: Path) -> Written:
        text, lines, declared, at = as_text(registry), [""] * len(registry), "\n[ancho_fijo]\n", 1
        for name in text.columns:
            size = int(text[name].str.len().max()) + 1
            declared += f"{name} = [{at}, {size}]\n"
            at += size
            lines = [line + value.ljust(size) for line, value in zip(lines, text[name], strict=True)]
        path = folder / "padron.txt"
        path.write_bytes((end.join(lines) + end).encode(encoding))
        return path, layout_with(folder, more=declared)

    return write


def partitioned(suffix: str) -> Form:
    """As Spark and Hive write it: a folder for each departamento, several parts, some empty, and their notes."""

    def write(registry: pd.DataFrame, folder: Path) -> Written:
        root = folder / "padron"
        for departamento, rows in registry.groupby("CODDEP"):
            inside = root / f"CODDEP={departamento}"
            inside.mkdir(parents=True)
            for number, part in enumerate((rows.iloc[: len(rows) // 2], rows.iloc[len(rows) // 2 :])):
                path = inside / f"part-0000{number}-c000{suffix}"
                part = part.drop(columns="CODDEP")
                if suffix.endswith("parquet"):
                    part.to_parquet(path, index=False)
                else:
                    content = csv_bytes(part)
                    path.write_bytes(gzip.compress(content, 1) if suffix.endswith(".gz") else content)
                (inside / f".{path.name}.crc").write_bytes(b"crc")
            (inside / "part-00002-c000.csv").touch()
        (root / "_SUCCESS").touch()
        if suffix.endswith("parquet"):
            for empty in root.rglob("part-00002-c000.csv"):
                empty.unlink()
        return root, ()

    return write


def sqlite(registry: pd.DataFrame, folder: Path) -> Written:
    path = folder / "padron.sqlite"
    connection = sqlite3.connect(path)
    registry.astype({"FECHA_NACIMIENTO": "str"}).to_sql("ciudadanos", connection, index=False)
    connection.close()
    return path, ("--tabla", "ciudadanos")


FORMS: Mapping[str, Form] = {
    "csv": plain,
    "gzip": compressed("utf-8"),
    "gzip in windows-1252": compressed("cp1252"),
    "zip": zipped("utf-8"),
    "zip in windows-1252": zipped("cp1252"),
    "excel": workbook,
    "fixed width": fixed("utf-8"),
    "fixed width in windows-1252": fixed("cp1252", "\r\n"),
    "spark parquet": partitioned(".snappy.parquet"),
    "spark csv": partitioned(".csv"),
    "spark csv.gz": partitioned(".csv.gz"),
    "sqlite": sqlite,
}
