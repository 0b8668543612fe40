"""The draft of an analysis as a Word document: with its own styles, so that a table of contents, a reader of screens and whoever
changes how it looks find its titles; the same draft gives the same bytes.
"""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import Any, BinaryIO

from docx import Document
from docx.document import Document as Draft
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Line

from dashboard.render.packed import repacked
from dashboard.render.report import Grid, Heading, Items, Link, Paragraph, Part, Picture, Report, Spoken, Style
from etl.release.cited import AUTHOR

#: Between its margins.
WIDTH, MARGIN = Cm(16.5), Cm(2.5)
INK, LINKED, TO_WRITE = RGBColor(0x1D, 0x24, 0x2B), RGBColor(0x0B, 0x57, 0x9B), RGBColor(0xA1, 0x3B, 0x10)
LANGUAGE = "es-GT"
STYLES = {Style.TEXT: None, Style.TO_WRITE: "Por escribir", Style.CAPTION: "Caption", Style.NOTE: "Nota"}
LETTERS, RULE = "Calibri", "9AA4AD"


def write_docx(report: Report, file: BinaryIO) -> None:
    """Write it."""
    draft = Document()
    _prepare(draft, report)
    draft.add_heading(report.title, 0)
    for part in report.parts:
        _add(draft, part)
    written = BytesIO()
    draft.save(written)
    file.write(repacked(written.getvalue()))


def _prepare(draft: Draft, report: Report) -> None:
    """The paper, the styles, and what the file says of itself."""
    day = datetime.combine(report.day, time())
    told = draft.core_properties
    told.title, told.author, told.last_modified_by, told.comments = report.title, AUTHOR, AUTHOR, ""
    told.language, told.created, told.modified = LANGUAGE, day, day
    for section in draft.sections:
        section.page_width, section.page_height = Cm(21.59), Cm(27.94)  # Letter, the paper of Guatemala
        section.left_margin = section.right_margin = MARGIN
        section.top_margin = section.bottom_margin = MARGIN
    for name, size in (("Normal", 11), ("Title", 24), ("Heading 1", 16), ("Heading 2", 13), ("Caption", 9.5)):
        style: Any = draft.styles[name]
        style.font.size, style.font.color.rgb, style.font.name = Pt(size), INK, LETTERS
        style.element.get_or_add_rPr().rFonts.attrib.pop(qn("w:asciiTheme"), None)
        style.element.get_or_add_rPr().rFonts.attrib.pop(qn("w:hAnsiTheme"), None)
    caption: Any = draft.styles["Caption"]
    caption.font.bold, caption.font.italic = False, True
    _language(draft.styles["Normal"])
    for name, size, colour in (("Por escribir", 11, TO_WRITE), ("Nota", 9.5, INK)):
        added: Any = draft.styles.add_style(name, 1)
        added.base_style = draft.styles["Normal"]
        added.font.size, added.font.color.rgb = Pt(size), colour
        added.paragraph_format.space_after = Pt(4)


def _language(style: Any) -> None:
    """What is written is in Spanish: who corrects it, or reads it aloud, must know."""
    found = OxmlElement("w:lang")
    found.set(qn("w:val"), LANGUAGE)
    style.element.get_or_add_rPr().append(found)


def _add(draft: Draft, part: Part) -> None:
    match part:
        case Heading(level, words):
            draft.add_heading(words, level)
        case Paragraph(spoken, style):
            line = draft.add_paragraph(style=STYLES[style])
            line.paragraph_format.keep_with_next = style is Style.CAPTION
            _say(line, spoken)
        case Items(items):
            for item in items:
                _say(draft.add_paragraph(style="List Bullet"), item)
        case Picture(_, words, pixels):
            draft.add_picture(BytesIO(pixels()), width=WIDTH)
            shape: Any = draft.inline_shapes[-1]
            shape._inline.docPr.set("descr", words)
        case Grid():
            _grid(draft, part)


def _say(line: Line, spoken: Spoken) -> None:
    for part in spoken:
        if isinstance(part, Link):
            _link(line, part)
        else:
            line.add_run(part)


def _link(line: Line, link: Link) -> None:
    """Words that lead somewhere, which the library reads and does not write."""
    target = line.part.relate_to(link.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    found = OxmlElement("w:hyperlink")
    found.set(qn("r:id"), target)
    run = line.add_run(link.words)
    run.font.color.rgb, run.font.underline = LINKED, True
    found.append(run._r)
    line._p.append(found)


def _rules(table: Any) -> None:
    """A thin line under each row."""
    found = OxmlElement("w:tblBorders")
    for name in ("top", "bottom", "insideH"):
        rule = OxmlElement(f"w:{name}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            rule.set(qn(f"w:{key}"), value)
        found.append(rule)
    table._tbl.tblPr.append(found)


def _grid(draft: Draft, grid: Grid) -> None:
    table = draft.add_table(len(grid.rows) + 1, len(grid.heads))
    table.autofit = False
    _rules(table)
    widths = [Cm(part * WIDTH.cm) for part in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    cells = iter(table._cells)  # asked one by one, each of them goes through the whole table
    for number, row in enumerate((grid.heads, *grid.rows)):
        for column, text in enumerate(row):
            cell = next(cells)
            cell.width = widths[column]
            line = cell.paragraphs[0]
            run = line.add_run(text)
            run.font.size, run.font.bold = Pt(8), number == 0 or column == 0
            line.paragraph_format.space_after = Pt(0)
            if grid.numbers[column]:
                line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    first: Any = table.rows[0]._tr.get_or_add_trPr()
    repeated = OxmlElement("w:tblHeader")  # the heads of a table that goes on in another page are said there again
    repeated.set(qn("w:val"), "true")
    first.append(repeated)
    for one in table.rows:
        whole = OxmlElement("w:cantSplit")
        one._tr.get_or_add_trPr().append(whole)
    draft.add_paragraph()
