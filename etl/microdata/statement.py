"""The one statement that counts: from records to the cells of every cube and the account of rows, in a single pass.

    registros   the source, one row per record, reduced to what counting needs (never names, never addresses)
    grupos      records that share everything, counted: from here on there are no persons, only groups with a size
    codigos     each group's values translated to the published codes, or the reason why its rows are rejected
    result      GROUPING SETS of every cube, and how many rows were rejected for each reason

It is SQLAlchemy Core, so DuckDB runs it over files and a database runs it inside: only these results travel. Over files the
groups are made first and added up after, to fit in memory; so is it where a database has no GROUPING SETS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import (
    CTE,
    BigInteger,
    FromClause,
    String,
    Text,
    and_,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    text,
    tuple_,
    union_all,
)

from etl.microdata import ages, record
from etl.microdata.ages import BORN
from etl.microdata.coding import Coding, codigos, palabras
from etl.microdata.dialects import (
    BinaryOrder,
    Condition,
    Expression,
    Fingerprint,
    IsoDate,
    Query,
    Rows,
    Without,
    WithZeros,
)
from etl.microdata.layout import ISO
from etl.microdata.question import (
    AGE,
    DECIMAL,
    ENTERO,
    EXTRANJERO,
    FECHA,
    LISTED,
    LONGEST,
    TEXTO,
    Count,
    Origin,
    Question,
    text_of,
)

# --- registros --------------------------------------------------------------------------------------------------------


def registros(question: Question, origin: Origin, source: FromClause, more: Sequence[Expression] = ()) -> Rows:
    """One row per record with what counting needs; `source` is one of the two of `origin`."""
    layout = question.layout
    column = {name: source.c[name] for name in layout.needed(question.elections)}
    kind = origin.kinds

    def as_text(name: str) -> Expression:
        return text_of(column[name], kind[name])

    identifier = identifier_of(question, source, kind)
    chosen: list[Expression] = [case((_empty(question, identifier, kind), 1), else_=0).label("sin_identificador")]
    chosen += [as_text(name).label(f"municipio_{i}") for i, name in enumerate(layout.columns["municipio"])]
    chosen.append(ages.span(question, source, column, kind).label("tramo"))
    for name in (*record.CODED, "pais_residencia", "estado_residencia", "ciudad_residencia", "departamento_origen"):
        if name in layout.columns:
            chosen.append(as_text(layout.columns[name][0]).label(name))
    if "mesa" in layout.columns:
        name = layout.columns["mesa"][0]
        chosen.append(_bad_mesa(column[name], kind[name]).label("mesa_mala"))
    chosen += [as_text(layout.votes[election]).label(name) for election, name in question.votes.items()]
    if "fila_corta" in source.c:
        chosen.append(source.c.fila_corta)
    return select(*chosen, *more).select_from(source)


def dated(question: Question, origin: Origin, source: FromClause) -> FromClause:
    """`source` with the birth date as AAAA-MM-DD in BORN, when it is written as a text.

    Each step is a select of its own, so that what the next one says many times is worked out once.
    """
    layout = question.layout
    (name,) = layout.columns.get("fecha_nacimiento", ("",))
    if not name or origin.kinds[name] == FECHA:
        return source
    written = func.trim(text_of(source.c[name], origin.kinds[name]))
    zeros = _step(select(*source.c, WithZeros(written, layout.date_format).label(BORN)), "con_ceros")
    others = [column for column in zeros.c if column.name != BORN]
    read: Expression = IsoDate(zeros.c[BORN], layout.date_format, layout.pivot)
    if origin.kinds[name] != TEXTO and layout.date_format != ISO:  # a date of a query comes as the database writes it
        read = func.coalesce(read, IsoDate(cast(zeros.c[name], Text), ISO))
    return _step(select(*others, read.label(BORN)), "con_fecha")


def _step(query: Rows, name: str) -> FromClause:
    """`query` as a source of its own: PostgreSQL would put each expression in the place of its name again."""
    return query.suffix_with("OFFSET 0", dialect="postgresql").subquery(name)


def _bad_mesa(value: Expression, kind: str) -> Expression:
    """1 when a mesa is written and is no positive whole number of at most five digits."""
    if kind == ENTERO:
        bad = or_(value < 1, value > record.MAXIMUM_MESA)
    else:
        written = func.trim(text_of(value, kind))
        bad = and_(written != "", or_(func.length(written) > 5, ~written.regexp_match("^0*[1-9][0-9]*$")))
    return case((bad, 1), else_=0)


# --- Repeated records -------------------------------------------------------------------------------------------------


def identifier_of(question: Question, source: FromClause, kinds: Mapping[str, str]) -> Expression:
    """The identifier of each record, as it is compared: its text without what the layout leaves out, or its number."""
    name = question.layout.columns[record.IDENTIFICADOR][0]
    if not _written(question, kinds):
        return source.c[name]
    return BinaryOrder(Without(text_of(source.c[name], kinds[name]), question.layout.ignored))


def _written(question: Question, kinds: Mapping[str, str]) -> bool:
    """Whether the identifier is a text, and not a number."""
    return kinds[question.layout.columns[record.IDENTIFICADOR][0]] not in (ENTERO, DECIMAL, FECHA)


def fingerprints(question: Question, origin: Origin) -> Rows:
    """The fingerprint of every record that has an identifier: what an engine in this process hands to the search."""
    identifier = identifier_of(question, origin.records, origin.kinds)
    return select(Fingerprint(identifier).label("huella")).where(~_empty(question, identifier, origin.kinds))


#: What extracts write where there is no identifier.
NO_IDENTIFIER = ("", "NULL", "null", "\\N", "NA", "ND", "N/A", "N/D", "nan", "None", "SINDATO")


def _empty(question: Question, identifier: Expression, kinds: Mapping[str, str]) -> Condition:
    """Whether an identifier, as `identifier_of` gives it, says nothing."""
    if not _written(question, kinds):
        return identifier.is_(None)
    return or_(identifier.is_(None), identifier.in_(NO_IDENTIFIER))


def repeated_inside(question: Question, origin: Origin) -> Rows:
    """The fingerprints that more than one record has, found by the database itself."""
    every = fingerprints(question, origin).subquery("huellas")
    return select(every.c.huella).group_by(every.c.huella).having(func.count() > 1)


def _with_copies(
    question: Question, origin: Origin, source: FromClause, repeated: FromClause, more: Sequence[Expression]
) -> Query:
    """`registros` with `copia` = 1 in every record but one of those with the same identifier.

    The one that stays is the first by its values, not by its place: the same one in every engine and in every form that
    the source may have. The values of the registry come first, so that it is the same one whatever elections are counted.
    """
    identifier = identifier_of(question, source, origin.kinds)
    mark = Fingerprint(identifier)
    of_registry = registros(replace(question, days={}), origin, source).selected_columns
    counted_by = [*of_registry, registros(question, origin, source).selected_columns["tramo"]]
    order = [BinaryOrder(func.coalesce(cast(value, Text), "")) for value in counted_by]
    place = [source.c[name] for name in ("archivo", "fila") if name in source.c]
    number = func.row_number().over(partition_by=identifier, order_by=[*order, *place])
    among = mark.in_(select(repeated.c.huella))
    once = registros(question, origin, source, [*more, literal(0).label("copia")])
    copy = and_(~_empty(question, identifier, origin.kinds), number > 1)
    many = registros(question, origin, source, [*more, case((copy, 1), else_=0).label("copia")])
    # Not `NOT IN`: with an identifier that is not there it is neither true nor false, and Spark compares all with all.
    return union_all(once.where(case((among, 1), else_=0) == 0), many.where(among))


def _people(
    question: Question, origin: Origin, source: FromClause, repeated: FromClause | None, place: Sequence[Expression]
) -> Query:
    """`registros` of `source`, with its copies marked when there are any; `place` are columns of `source` to keep."""
    read = dated(question, origin, source)
    kept = [read.c[column.name] for column in place]
    if repeated is None:
        return registros(question, origin, read, kept)
    return _with_copies(question, origin, read, repeated, kept)


# --- The statement ----------------------------------------------------------------------------------------------------


def counted(question: Question, origin: Origin, repeated: FromClause | None) -> Query:
    """Cells of every cube and rows by reason, in one table: cubo, motivo, every level, empadronados, votantes.

    `repeated` has the fingerprints of identifiers seen more than once; None when there are none.
    """
    made = groups(question, origin, repeated).cte("grupos").prefix_with("MATERIALIZED", dialect="spark")
    return added_up(question, made)


def groups(question: Question, origin: Origin, repeated: FromClause | None) -> Rows:
    """The groups alone: what `added_up` adds up."""
    people = _people(question, origin, origin.records, repeated, []).subquery("registros")
    return select(*people.c, func.count().label("personas")).group_by(*people.c)


def grouped_inside(question: Question, origin: Origin, repeated: FromClause | None) -> Rows:
    """The groups alone, for an engine without GROUPING SETS: it makes them, and `added_up` is run on them elsewhere."""
    people = _people(question, origin, origin.records, repeated, []).subquery("registros")
    exact = select(*(c if c.name in FLAGS else BinaryOrder(c).label(c.name) for c in people.c)).subquery("exactos")
    return select(*exact.c, func.count().label("personas")).group_by(*exact.c)


def each_inside(question: Question, origin: Origin, repeated: FromClause | None) -> Query:
    """Each record as it is grouped, with its place: `reasons_of` them is why rows are rejected."""
    return _people(question, origin, origin.rows, repeated, [origin.rows.c.archivo, origin.rows.c.fila])


#: The columns of `registros` that are numbers; the others are texts.
FLAGS = ("sin_identificador", "mesa_mala", "fila_corta", "copia", "personas", "fila")


def added_up(question: Question, grouped: FromClause) -> Query:
    """`counted` from the groups of `registros`, each with its `personas`, wherever they were made.

    In the account, `votantes` are the rows of who lives abroad.
    """
    words = palabras(grouped).cte("palabras")
    coding = Coding(question, words)
    coded = _kept(codigos(coding, [words.c.personas], True).cte("codigos"))
    levels = all_levels(question.counts)
    account = select(
        literal("cuenta").label("cubo"),
        coded.c.motivo,
        *(cast(null(), String).label(name) for name in levels),
        _sum(coded.c.personas).label("empadronados"),
        _sum(case((coded.c.residencia == EXTRANJERO, coded.c.personas), else_=0)).label("votantes"),
        cast(null(), String).label("palabra"),
    ).group_by(coded.c.motivo)
    unknown = (_unknown(name, coded, levels) for name in coding.unknown)
    return union_all(account, *unknown, *(_cells(item, question, coded, levels) for item in question.counts))


def _unknown(name: str, coded: FromClause, levels: Sequence[str]) -> Rows:
    """The rows, and the loaded ones, with a word of the column `name` that nobody declared.

    A word is said when at least LISTED rows have it, and the others together: one seldom seen could identify somebody.
    """
    word = coded.c[f"sin_declarar_{name}"]
    each = (
        select(
            word.label("palabra"),
            _sum(coded.c.personas).label("filas"),
            _sum(case((coded.c.motivo.is_(None), coded.c.personas), else_=0)).label("cargadas"),
        )
        .where(word.is_not(None))
        .group_by(word)
        .subquery(f"palabras_{name}")
    )
    said = case(
        (and_(each.c.filas >= LISTED, each.c.palabra != "", func.length(each.c.palabra) <= LONGEST), each.c.palabra)
    )
    return select(
        literal("desconocidos"),
        literal(name),
        *(cast(null(), String) for _ in levels),
        _sum(each.c.filas),
        _sum(each.c.cargadas),
        said,
    ).group_by(said)


def _kept(cte: CTE) -> CTE:
    """`cte` worked out once, although every cube reads it."""
    for engine in ("postgresql", "duckdb", "spark"):
        cte = cte.prefix_with("MATERIALIZED", dialect=engine)
    return cte


def all_levels(counts: Sequence[Count]) -> tuple[str, ...]:
    """The level columns of every cube, each once."""
    return tuple(dict.fromkeys(name for item in counts for name in item.cube.columns))


def _sum(value: Expression) -> Expression:
    """A count of people: the grand total of no rows is NULL in SQL, and here nobody."""
    return func.coalesce(cast(func.sum(value), BigInteger), 0)


def _cells(item: Count, question: Question, coded: FromClause, levels: Sequence[str]) -> Rows:
    """The cells of one cube. Its finest ones are added up first: far fewer than the groups, which every level adds up."""
    cube = item.cube
    vote = coded.c[question.votes[item.election]] if item.election else None
    names = {name: question.age_column(item.election) if name == AGE else name for name in cube.columns}
    finest = [coded.c[column].label(name) for name, column in names.items()]
    measured = [_sum(coded.c.personas).label("personas")]
    met = [coded.c.motivo.is_(None), coded.c.residencia == cube.residence]
    if vote is not None:
        measured.append(_sum(case((vote == 1, coded.c.personas), else_=0)).label("votos"))
        met.append(vote.is_not(None))
    few = select(*finest, *measured).where(*met).group_by(*(coded.c[column] for column in names.values()))
    rows = few.subquery(f"finas_{question.counts.index(item)}")
    sets = [tuple_(*(rows.c[name] for name in margin)) if margin else text("()") for margin in cube.margins]
    return select(
        literal(item.name),
        cast(null(), String),
        *(rows.c[name] if name in names else cast(null(), String) for name in levels),
        _sum(rows.c.personas),
        cast(null(), BigInteger) if vote is None else _sum(rows.c.votos),
        cast(null(), String),
    ).group_by(func.grouping_sets(*sets))


def rejected(question: Question, origin: Origin, repeated: FromClause | None) -> Rows:
    """File, row and reason of every rejected row: nothing else of it."""
    return reasons_of(question, each_inside(question, origin, repeated).subquery("registros"))


def reasons_of(question: Question, people: FromClause) -> Rows:
    """`rejected` from the `registros` of each record, with its file and row."""
    words = palabras(people).subquery("palabras")
    coded = codigos(Coding(question, words), [words.c.archivo, words.c.fila]).subquery("codigos")
    return (
        select(coded.c.archivo, coded.c.fila, coded.c.motivo)
        .where(coded.c.motivo.is_not(None))
        .order_by(coded.c.archivo, coded.c.fila)
    )
