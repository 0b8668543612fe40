"""What can be taken of some figures gathered: the draft of an analysis in each kind of document, and its references.

The libraries that write documents are loaded by whoever writes one.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from dashboard.render.ocd import MARKDOWN
from dashboard.render.report import Report
from etl.release.analyses import FILE_TYPES


@dataclass(frozen=True)
class DocumentKind:
    """A kind of document: how its file is called, what a reader is told of it, its media type, what writes one, and whether
    it has the pictures inside.
    """

    file_name: str
    label: str
    words: str
    media_type: str
    write: Callable[[Report, BinaryIO], None]
    drawn: bool = False


def _docx(report: Report, file: BinaryIO) -> None:
    from dashboard.render.report_docx import write_docx

    write_docx(report, file)


def _odt(report: Report, file: BinaryIO) -> None:
    from dashboard.render.report_odt import write_odt

    write_odt(report, file)


def _markdown(report: Report, file: BinaryIO) -> None:
    from dashboard.render.report_markdown import write_markdown

    write_markdown(report, file)


def _bibtex(report: Report, file: BinaryIO) -> None:
    file.write("\n\n".join(one.bibtex for one in report.references).encode() + b"\n")


def _csl(report: Report, file: BinaryIO) -> None:
    told = [entry for one in report.references for entry in json.loads(one.csl)]
    file.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")


#: By the name of its file.
DOCUMENTS = {
    item.file_name: item
    for item in (
        DocumentKind("informe.docx", "Word", "borrador de informe (.docx)", FILE_TYPES["docx"], _docx, True),
        DocumentKind("informe.odt", "LibreOffice", "borrador de informe (.odt)", FILE_TYPES["odt"], _odt, True),
        DocumentKind("informe.md", "Markdown", "borrador de informe (.md)", MARKDOWN.media_type, _markdown),
        DocumentKind("referencias.bib", "BibTeX", "referencias (.bib)", "application/x-bibtex; charset=utf-8", _bibtex),
        DocumentKind(
            "referencias.json", "CSL-JSON", "referencias (.json)", "application/vnd.citationstyles.csl+json", _csl
        ),
    )
}
