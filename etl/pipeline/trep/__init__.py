"""The polling tables of the TREP in every form in which the tribunal publishes them, as one table with fixed columns.

shape     the row that all forms become, and what a reader of a form is given
said      which ballot and which cut-off a file says
archive   the files of a ZIP
place     the CSV of one place
official  the official JSON of one departamento
centre    the polling tables of a municipio in it
single    the JSON of one polling table
kinds     what a file that is of no form is, and what to do with it
gathered  the Parquet of 2019's first round
resolved  the rows with our names for what they are of, and what must hold of them
votes     the votes of each party, which the row keeps in two cells
actas     what does not add up in an acta
polling   what the actas of a place, or of one polling table, say together

A form more is a module with `recognises` and `read`, and its place in `FORMS`.
"""

from __future__ import annotations

from collections.abc import Iterator

from etl.model import Parsed, Problem
from etl.pipeline.trep import gathered, official, place, single
from etl.pipeline.trep.archive import Opened
from etl.pipeline.trep.kinds import refusal
from etl.pipeline.trep.shape import COLUMNS, HEADER, Broken, Form, Member, Rows, Told, forget

__all__ = ["COLUMNS", "FORMS", "HEADER", "parse"]

#: The first that recognises a file reads it.
FORMS = (
    Form("el JSON de un departamento", official.recognises, official.read),
    Form("el JSON de una mesa", single.recognises, single.read),
    Form("el Parquet de la primera vuelta de 2019", gathered.recognises, gathered.read),
    Form("el CSV de un lugar", place.recognises, place.read),
)
SHOWN = 10  # files that are not read, by name
#: What a name ends in when its file is meant to be read: if it is of no form, the delivery is not whole.
MEANT = (".csv", ".zip", ".gz")


def parse(content: bytes, file: str) -> Parsed:
    """Every polling table of `content`, whose name is `file`: a file of any form, or a ZIP of them."""
    opened, rows, ignored = Opened(), Rows(), list[str]()
    for member in opened.members(Member(file, content)):
        form = next((form for form in FORMS if form.recognises(member)), None)
        if form:
            _read(form, member, rows, opened.problems)
        elif member.name == file or _is_meant(member):
            opened.problems.append(Problem(member.name, None, None, None, refusal(member)))
        else:
            ignored.append(member.name)
    forget()
    frame = rows.frame()
    if frame is None and not opened.problems:
        opened.problems.append(Problem(file, None, None, None, "no hay ninguna mesa en el archivo"))
    return Parsed(frame, tuple(opened.problems), tuple(_left_out(ignored)))


def _left_out(names: list[str]) -> Iterator[str]:
    """What to say of the files that were not read: what else there was in a ZIP is named."""
    if names:
        more = f" y {len(names) - SHOWN:,} más" if len(names) > SHOWN else ""
        yield f"no se leen, porque no traen mesas: {', '.join(names[:SHOWN])}{more}"


def _is_meant(member: Member) -> bool:
    """Whether a file that is of no form should have been: a damaged JSON, or a CSV of something else."""
    return isinstance(member.document, Broken) or member.name.lower().endswith(MEANT)


def _read(form: Form, member: Member, rows: Rows, problems: list[Problem]) -> None:
    """Add the rows of one file; none, and the reasons told, when something is wrong with it."""
    told = Told(member.name)
    columns = form.read(member, told)
    problems += told.problems
    if columns is not None and not told.problems:
        name = [member.name] * len(columns["MESA"])
        rows.add({"ARCHIVO": name, "GRUPO": name, **columns})
