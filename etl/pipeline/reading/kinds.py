"""What a file is by its content, whatever its name says: a workbook, text, or something that must be saved in another way."""

from __future__ import annotations

import io
import re
import zipfile
from enum import Enum

SAVE_AS = "ábralo en Excel o LibreOffice y guárdelo como «Libro de Excel (.xlsx)» o «CSV UTF-8»"


class Kind(Enum):
    """A file that can be read."""

    XLSX = "xlsx"
    TEXT = "text"


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
#: First bytes of other files -> what they are and what to do.
OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "es un PDF: pida el libro de donde salió, en .xlsx o .csv"),
    (b"\x1f\x8b", "está comprimido (gzip): descomprímalo y entregue el archivo de dentro"),
    (b"7z\xbc\xaf", "está comprimido (7z): descomprímalo y entregue el archivo de dentro"),
    (b"Rar!", "está comprimido (RAR): descomprímalo y entregue el archivo de dentro"),
    (b"PAR1", "es un archivo Parquet: guárdelo como «CSV UTF-8»"),
    (b"{\\rtf", "es un documento de texto (RTF): pida el libro de donde salió, en .xlsx o .csv"),
    (b"\x89PNG", "es una imagen: pida el libro de donde salió, en .xlsx o .csv"),
    (b"\xff\xd8\xff", "es una imagen: pida el libro de donde salió, en .xlsx o .csv"),
)
INSIDE = (  # a member that tells what a ZIP is -> what it is and what to do
    ("xl/workbook.bin", f"es un libro binario de Excel (.xlsb): {SAVE_AS}"),
    ("word/document.xml", "es un documento de Word: pida el libro de donde salió, en .xlsx o .csv"),
    ("ppt/presentation.xml", "es una presentación: pida el libro de donde salió, en .xlsx o .csv"),
)


def kind_of(content: bytes) -> Kind | str:
    """What can be read in a file or, when it cannot, what it is and how to save it."""
    start = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content.startswith(OLE):
        return _of_ole(content)
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _of_zip(content)
    for signature, message in OTHERS:
        if content.startswith(signature):
            return message
    lower = start[:2048].lower()
    if lower.startswith((b"<!doctype html", b"<html", b"<table", b"<meta")) or re.match(
        rb"<[^>]*>\s*<(html|table)", lower
    ):
        return f"es una página web (HTML) guardada con otro nombre: {SAVE_AS}"
    if lower.startswith(b"<?xml") and b"urn:schemas-microsoft-com:office:spreadsheet" in content[:4096]:
        return f"es un libro en XML de Excel 2003: {SAVE_AS}"
    if lower.startswith(b"<?xml") or lower.startswith(b"<!doctype"):
        return f"es un archivo XML, no una tabla: {SAVE_AS}"
    if re.match(rb'[{\[]\s*["{\[]', start):
        return "es un archivo JSON, no una tabla: pida la tabla en .xlsx o .csv"
    return Kind.TEXT


def _of_ole(content: bytes) -> str:
    """What an OLE file is, by the names of its streams, which are in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "es un libro protegido con contraseña: ábralo con ella y guárdelo sin contraseña como «Libro de Excel (.xlsx)»"
    if "WordDocument".encode("utf-16-le") in content:
        return "es un documento de Word: pida el libro de donde salió, en .xlsx o .csv"
    return f"es un libro de Excel 97-2003 (.xls): {SAVE_AS}"


def _of_zip(content: bytes) -> Kind | str:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
        if "mimetype" in names and b"opendocument" in archive.read("mimetype"):
            return f"es un libro de LibreOffice (.ods): {SAVE_AS}"
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, KeyError, EOFError):
        return Kind.XLSX  # damaged: its reader says so
    for member, message in INSIDE:
        if member in names:
            return message
    if any(name.startswith("xl/") or name == "[Content_Types].xml" for name in names):
        return Kind.XLSX
    inside = [name for name in names if not name.endswith("/")][:3]
    more = ", …" if len(names) > 3 else ""
    return f"es un ZIP (con {', '.join(inside) or 'nada'}{more}): descomprímalo y entregue el archivo de dentro"
