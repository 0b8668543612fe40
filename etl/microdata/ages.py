"""The age group of a person on every day that counts: the cut-off and, of each election, the day of its first round.

Records are grouped by the span of days within which somebody was born, so short that whoever was born in it is of one age
group on each of those days. Comparing the birth date once says them all, with no arithmetic on dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd
from sqlalchemy import Date, FromClause, case, cast, func, literal, or_

from etl.microdata import record
from etl.microdata.dialects import Condition, Expression
from etl.microdata.question import ENTERO, FECHA, IMPOSIBLE, INVALIDA, MENOR, POSTERIOR, VACIA, Question, text_of

#: The column with the birth date as AAAA-MM-DD, when it is written as a text.
BORN = "nacimiento_leido"
YOUNGEST = next(iter(record.FIRST_AGES))
FIRST_ROUND, CONSULTATION = "primera", "consulta_popular"


# --- Which day --------------------------------------------------------------------------------------------------------


def election_days(events: pd.DataFrame | None, elections: Iterable[str]) -> dict[str, date]:
    """The day on which ages are counted in each election, of those whose day is known; `events` is the table elecciones.

    It is the day of the first round of that year, also for its second round and for what was repeated: they share the roll.
    A consultation has its own.
    """
    if events is None:
        return {}
    day_of = {
        code: None if pd.isna(day) else day.date()
        for code, day in zip(events["eleccion"], events["fecha_eleccion"], strict=True)
    }
    rounds, alone = events["vuelta"] == FIRST_ROUND, set(events.loc[events["tipo"] == CONSULTATION, "eleccion"])
    first = {
        str(year): code for year, code in zip(events.loc[rounds, "anio"], events.loc[rounds, "eleccion"], strict=True)
    }
    counted = {code: code if code in alone else first.get(code.split("-")[0], code) for code in elections}
    return {code: day for code, event in counted.items() if (day := day_of.get(event))}


def at_cutoff(question: Question) -> list[str]:
    """Which elections are counted by the age at the cut-off, and why, in words."""
    whose = "la edad de quienes están en el padrón de la elección es la de la fecha de corte"
    if question.elections and not question.by_birth:
        return [f"{whose}, y no la del día de la primera vuelta: el extracto trae la edad en años"]
    unknown = [election for election in question.elections if election not in question.days]
    return [f"{whose}, y no la del día de la primera vuelta, que no se conoce: {', '.join(unknown)}"] if unknown else []


# --- From the birth date to a span --------------------------------------------------------------------------------------


def spans(question: Question) -> dict[str, date]:
    """The last day of each span of birth dates, by the span's name: the youngest people first.

    Names are in the order of the spans, so that a repeated record is the first or not whatever elections are counted.
    """
    limits = record.birth_limits(question.cutoff)
    edges = {*limits.values(), *(edge for day in question.ages for edge in record.birth_limits(day).values())}
    kept = (edge for edge in edges if _too_old(question.cutoff) < edge <= limits[YOUNGEST])
    return {f"{number:03}": edge for number, edge in enumerate(sorted(kept, reverse=True))}


def _too_old(cutoff: date) -> date:
    """The last birth date of who would be older than anybody."""
    return record.years_before(cutoff, record.MAXIMUM_AGE + 1)


def groups(question: Question) -> dict[str, tuple[str, ...]]:
    """The age group of who was born in each span: at the cut-off, and on each day of `question.ages`.

    Who was not yet 18 on the day of an election and is on its roll counts with the youngest.
    """
    if not question.by_birth:
        return {group: (group,) for group in record.FIRST_AGES}
    return {name: tuple(_group(last, day) for day in question.age_columns) for name, last in spans(question).items()}


def _group(born: date, day: date) -> str:
    reached = [group for group, limit in record.birth_limits(day).items() if born <= limit]
    return reached[-1] if reached else YOUNGEST


# --- In the statement ---------------------------------------------------------------------------------------------------


def is_blank(value: Expression) -> Condition:
    """Whether a text says nothing."""
    return or_(value.is_(None), func.trim(value) == "")


def span(
    question: Question, source: FromClause, column: Mapping[str, Expression], kind: Mapping[str, str]
) -> Expression:
    """The span that each record of `source` is of, or why it is of none; of ages in years, the age group itself."""
    layout = question.layout
    if not question.by_birth:
        name = layout.columns["edad"][0]
        return _age_in_years(column[name], kind[name])
    name = layout.columns["fecha_nacimiento"][0]
    if kind[name] == FECHA:
        return _among(question, column[name], column[name].is_(None), lambda day: cast(literal(day.isoformat()), Date))
    blank = is_blank(text_of(column[name], kind[name]))
    return _among(question, source.c[BORN], blank, lambda day: day.isoformat())


def _among(
    question: Question, born: Expression, blank: Condition, written: Callable[[date], Expression | str]
) -> Expression:
    """The span of a birth date, by comparing it with the last day of some: a balanced tree, so a few for each person."""
    edges = [(question.cutoff, MENOR), *((last, name) for name, last in spans(question).items())]
    edges = [(_too_old(question.cutoff), IMPOSIBLE), *reversed(edges)]

    def among(few: Sequence[tuple[date, str]], last: Expression) -> Expression:
        if not few:
            return last
        half = len(few) // 2
        day, name = few[half]
        return case((born <= written(day), among(few[:half], literal(name))), else_=among(few[half + 1 :], last))

    # A missing date is neither before nor after another: every comparison fails, and it gets to the last branch.
    return among(edges, case((blank, VACIA), (born.is_(None), INVALIDA), else_=POSTERIOR))


def _age_in_years(value: Expression, kind: str) -> Expression:
    groups = list(record.FIRST_AGES.items())
    if kind == ENTERO:
        return case(
            (value.is_(None), VACIA),
            (value < 0, INVALIDA),
            (value > record.MAXIMUM_AGE, IMPOSIBLE),
            *((value >= first, group) for group, first in reversed(groups)),
            else_=MENOR,
        )
    written = func.trim(text_of(value, kind))
    ends = [first for _, first in groups[1:]] + [record.MAXIMUM_AGE + 1]
    ranges = [(group, range(first, end)) for (group, first), end in zip(groups, ends, strict=True)]
    return case(
        (is_blank(written), VACIA),
        *((written.in_([str(age) for age in ages]), group) for group, ages in ranges),
        (written.in_([str(age) for age in range(record.FIRST_AGES["18_25"])]), MENOR),
        (written.in_([str(age) for age in range(record.MAXIMUM_AGE + 1, 1000)]), IMPOSIBLE),
        else_=INVALIDA,
    )
