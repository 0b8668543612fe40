"""What a file that is of no form of the TREP is, by its first bytes, and what to do with it."""

from __future__ import annotations

from etl.pipeline.trep.archive import is_workbook
from etl.pipeline.trep.shape import Broken, Member

_COMPRESSED = "sáquelo de ahí y entréguelo en un ZIP"
_SHEET = "ábralo y guárdelo como CSV"
#: How a file begins -> what it is and what to do with it.
BEGINNINGS = {
    b"Rar!": f"es un archivo RAR: {_COMPRESSED}",
    b"7z\xbc\xaf": f"es un archivo 7-Zip: {_COMPRESSED}",
    b"BZh": f"es un archivo bzip2: {_COMPRESSED}",
    b"\xfd7zXZ": f"es un archivo xz: {_COMPRESSED}",
    b"\xd0\xcf\x11\xe0": f"es un libro de Excel anterior a 2007, o uno con contraseña: {_SHEET}",
    b"PAR1": "es un archivo Parquet: entregue el archivo del tribunal del que se hizo",
    b"%PDF": "es un PDF: se necesita el archivo de datos",
    b"\x89PNG": "es una imagen: se necesita el archivo de datos",
    b"\xff\xd8\xff": "es una imagen: se necesita el archivo de datos",
    b"<!DOCTYPE": "es una página web: se necesita el archivo de datos",
    b"<html": "es una página web: se necesita el archivo de datos",
}


def refusal(member: Member) -> str:
    """Why `member` is not read."""
    if isinstance(member.document, Broken):
        return member.document.message
    if is_workbook(member.content):
        return f"es un libro de Excel o de LibreOffice: {_SHEET}"
    begins = member.content[:200].lstrip()
    if known := next((words for start, words in BEGINNINGS.items() if begins.startswith(start)), None):
        return known
    if member.text is None:
        return "el archivo no es texto en UTF-8, en UTF-16 ni en Windows-1252"
    if member.document is not None:
        return "es un JSON, pero no trae mesas: se esperaban divs, secciones y casillas, o NROMESA y TE"
    return "no es un archivo del TREP por mesa: ninguna fila empieza por MESA"
