"""The draft of an analysis as an OpenDocument text, the format of LibreOffice; the same draft gives the same bytes."""

from __future__ import annotations

from datetime import datetime, time
from io import BytesIO
from typing import BinaryIO

from odfdo import (
    Cell,
    Document,
    Element,
    Frame,
    Header,
    HeaderRows,
    List,
    ListItem,
    Row,
    SvgDescription,
    Table,
)
from odfdo import Link as Anchor
from odfdo import Paragraph as Line
from odfdo import Style as Format
from PIL import Image

from dashboard.render.packed import repacked
from dashboard.render.report import Grid, Heading, Items, Link, Paragraph, Part, Picture, Report, Spoken, Style
from etl.release.cited import AUTHOR

#: Centimetres between the margins of the paper.
WIDTH = 16.5
LANGUAGE = "es-GT"
WRITTEN: dict[str, str | bool] = {"style:font-name": "Liberation Sans"}
#: Letter, the paper of Guatemala.
PAPER: dict[str, str | bool] = {
    "fo:page-width": "21.59cm",
    "fo:page-height": "27.94cm",
    **{f"fo:margin-{side}": "2.5cm" for side in ("top", "bottom", "left", "right")},
}
BULLETS = "Vinetas"
BULLET_STYLE = (
    f'<text:list-style style:name="{BULLETS}"><text:list-level-style-bullet text:level="1" text:bullet-char="•">'
    '<style:list-level-properties text:space-before="0.3cm" text:min-label-width="0.5cm"/>'
    "</text:list-level-style-bullet></text:list-style>"
)
TITLE, NUMBER, TEXT, HEAD, HEAD_NUMBER = "Titulo", "CeldaNumero", "CeldaTexto", "CeldaTitulo", "CeldaTituloNumero"
FRAME, EDGES, ROW, GRID = "Imagen", "Celda", "Fila", "Tabla"
BODY = "Text_20_body"
STYLES = {Style.TEXT: BODY, Style.TO_WRITE: "PorEscribir", Style.CAPTION: "Leyenda", Style.NOTE: "Nota"}


def write_odt(report: Report, file: BinaryIO) -> None:
    """Write it."""
    draft = Document("text")
    draft.body.clear()
    _prepare(draft, report)
    draft.body.append(Line(report.title, style=TITLE))
    for number, part in enumerate(report.parts):
        for element in _elements(draft, part, number):
            draft.body.append(element)
    written = BytesIO()
    draft.save(written)
    file.write(repacked(written.getvalue()))


def _prepare(draft: Document, report: Report) -> None:
    """The styles, and what the file says of itself."""
    day = datetime.combine(report.day, time())
    told = draft.meta
    told.title, told.initial_creator, told.creator = report.title, AUTHOR, AUTHOR
    told.creation_date = told.date = day
    told.set_generator(AUTHOR)
    draft.language = LANGUAGE
    small = {"fo:font-size": "8pt"}
    bold = {"fo:font-weight": "bold"}
    _style(draft, TITLE, "Título", {"fo:margin-bottom": "0.4cm"}, {"fo:font-size": "24pt", **bold})
    _style(draft, STYLES[Style.TO_WRITE], "Por escribir", {}, {"fo:color": "#a13b10"}, BODY)
    caption = {"fo:font-size": "9.5pt", "fo:font-style": "italic"}
    _style(draft, STYLES[Style.CAPTION], "Leyenda", {"fo:keep-with-next": "always"}, caption, BODY)
    _style(draft, STYLES[Style.NOTE], "Nota", {"fo:margin-bottom": "0.15cm"}, {"fo:font-size": "9.5pt"}, BODY)
    _style(draft, TEXT, "Celda", {}, small)
    _style(draft, NUMBER, "Celda de número", {"fo:text-align": "end"}, small)
    _style(draft, HEAD, "Título de columna", {}, {**small, **bold})
    _style(draft, HEAD_NUMBER, "Título de columna de números", {"fo:text-align": "end"}, {**small, **bold})
    draft.insert_style(Format("graphic", name=FRAME), automatic=True)
    edge = {"fo:padding": "0.1cm", "fo:border-bottom": "0.5pt solid #9aa4ad"}
    cell = Format("table-cell", name=EDGES)
    cell.set_properties(edge, area="table-cell")
    draft.insert_style(cell, automatic=True)
    grid = Format("table", name=GRID)
    grid.set_properties({"style:width": f"{WIDTH}cm", "table:align": "margins"}, area="table")
    draft.insert_style(grid, automatic=True)
    draft.insert_style(BULLET_STYLE, automatic=True)
    row = Format("table-row", name=ROW)
    row.set_properties({"fo:keep-together": "always"}, area="table-row")
    draft.insert_style(row, automatic=True)
    for level in draft.styles.get_elements("//text:outline-level-style"):
        level.set_attribute("style:num-format", "")  # the titles say their own numbers
        for name in ("style:num-suffix", "loext:num-list-format"):
            level.del_attribute(name)
    changed = [(draft.get_style("paragraph", name), "text", WRITTEN) for name in ("Standard", "Heading")]
    changed += [(paper, "page-layout", PAPER) for paper in draft.get_styles("page-layout")]
    for style, area, properties in changed:
        if isinstance(style, Format):
            style.set_properties(properties, area=area)


def _style(
    draft: Document, name: str, shown: str, lines: dict[str, str], letters: dict[str, str], parent: str = "Standard"
) -> None:
    """Add a style of paragraphs: what its lines and its letters are, besides what those of its `parent` are."""
    found = Format("paragraph", name=name, display_name=shown, parent_style=parent)
    found.set_properties({**lines}, area="paragraph")
    found.set_properties({**letters}, area="text")
    draft.insert_style(found)


def _elements(draft: Document, part: Part, number: int) -> list[Element]:
    match part:
        case Heading(level, words):
            return [Header(level, words, style=f"Heading_20_{level}", suppress_numbering=True)]
        case Paragraph(spoken, style):
            return [_line(spoken, STYLES[style])]
        case Items(items):
            found = List(style=BULLETS)
            for item in items:
                inside = ListItem()
                inside.append(_line(item, STYLES[Style.TEXT]))
                found.append(inside)
            return [found]
        case Picture():
            return [_picture(draft, part, number)]
        case Grid():
            return [_grid(draft, part, f"Tabla{number}"), Line("", style=TEXT)]


def _line(spoken: Spoken, style: str) -> Line:
    line = Line(style=style)
    for part in spoken:
        line.append(Anchor(part.address, text=part.words) if isinstance(part, Link) else part)
    return line


def _picture(draft: Document, picture: Picture, number: int) -> Line:
    pixels = picture.pixels()
    with Image.open(BytesIO(pixels)) as drawn:
        height = WIDTH * drawn.height / drawn.width
    inside = BytesIO(pixels)
    inside.name = f"figura{number}.png"
    frame = Frame.image_frame(
        draft.add_file(inside),
        name=f"Figura{number}",
        style=FRAME,
        size=(f"{WIDTH}cm", f"{height:.2f}cm"),
        anchor_type="as-char",
    )
    frame.append(SvgDescription(picture.words))
    line = Line(style=STYLES[Style.TEXT])
    line.append(frame)
    return line


def _grid(draft: Document, grid: Grid, name: str) -> Table:
    table = Table(name, style=GRID)
    heads = HeaderRows()
    heads.append(_row(grid.heads, [HEAD_NUMBER if number else HEAD for number in grid.numbers]))
    for part in grid.widths:
        width = Format("table-column", width=f"{part * WIDTH:.2f}cm")
        table.append(
            Element.from_tag(f'<table:table-column table:style-name="{draft.insert_style(width, automatic=True)}"/>')
        )
    table.append(heads)
    styles = [NUMBER if number else TEXT for number in grid.numbers]
    for row in grid.rows:
        table.append(_row(row, [HEAD if number == 0 else style for number, style in enumerate(styles)]))
    return table


def _row(texts: tuple[str, ...], styles: list[str]) -> Row:
    row = Row(style=ROW)
    for text, style in zip(texts, styles, strict=True):
        cell = Cell(style=EDGES)
        cell.append(Line(text, style=style))
        row.append(cell)
    return row
