"""The polling tables of the TREP in every form in which the tribunal publishes them, as one table with fixed columns.

shape     the row that all forms become, and what a reader of a form is given
said      which ballot and which cut-off a file says
archive   the files of a ZIP
place     the CSV of one place
resolved  the rows with our names for what they are of, and what must hold of them
votes     the votes of each party, which the row keeps in two cells
actas     what does not add up in an acta

A form more is a module with `recognises` and `read`, and its place in `FORMS`.
"""

from __future__ import annotations

from etl.model import Parsed, Problem
from etl.pipeline.trep import place
from etl.pipeline.trep.archive import Opened
from etl.pipeline.trep.shape import COLUMNS, HEADER, Form, Member, Told, rows_of

__all__ = ["COLUMNS", "FORMS", "HEADER", "parse"]

#: The first that recognises a file reads it.
FORMS = (Form("el CSV de un lugar", place.recognises, place.read),)
#: What a name ends in when its file is meant to be read: if it is of no form, the delivery is not whole.
MEANT = (".csv", ".json", ".zip", ".gz")


def parse(content: bytes, file: str) -> Parsed:
    """Every polling table of `content`, whose name is `file`: a file of any form, or a ZIP of them."""
    opened, rows = Opened(), list[tuple[str, ...]]()
    for member in opened.members(Member(file, content)):
        form = next((form for form in FORMS if form.recognises(member)), None)
        if form:
            rows += _rows(form, member, opened.problems)
        elif member.name == file or member.name.lower().endswith(MEANT):
            opened.problems.append(Problem(member.name, None, None, None, place.refusal(member)))
    if not rows and not opened.problems:
        opened.problems.append(Problem(file, None, None, None, "no hay ninguna mesa en el archivo"))
    return Parsed(HEADER, list(enumerate(rows, start=1)), tuple(opened.problems))


def _rows(form: Form, member: Member, problems: list[Problem]) -> list[tuple[str, ...]]:
    """The rows of one file; none, and the reasons told, when something is wrong with it."""
    told = Told(member.name)
    columns = form.read(member, told)
    problems += told.problems
    if columns is None or told.problems:
        return []
    name = [member.name] * len(columns["MESA"])
    return list(rows_of({"ARCHIVO": name, "GRUPO": name, **columns}))
