"""The one statement that counts: from records to the cells of every cube and the account of rows, in a single pass.

    registros   the source, one row per record, reduced to what counting needs (never names, never addresses)
    grupos      records that share everything, counted: from here on there are no persons, only groups with a size
    codigos     each group's values translated to the published codes, or the reason why its rows are rejected
    result      GROUPING SETS of every cube, and how many rows were rejected for each reason

It is SQLAlchemy Core, so DuckDB runs it over files and a database runs it inside: only these results travel.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    Date,
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
    values,
)

from etl.cubes.declared import NO_APLICA, SIN_DATO, Cube
from etl.microdata import record
from etl.microdata.dialects import BinaryOrder, Condition, Expression, Fingerprint, Folded, IsoDate, Query, Rows
from etl.microdata.layout import Layout

TEXTO, ENTERO, DECIMAL, FECHA = "texto", "entero", "decimal", "fecha"
PAIS, EXTRANJERO = "pais", "extranjero"
# Ages that are not a group, as the row expression gives them.
VACIA, INVALIDA, POSTERIOR, MENOR, IMPOSIBLE = "vacia", "invalida", "posterior", "menor", "imposible"
AGE_REASONS = {
    VACIA: "edad_vacia",
    INVALIDA: "edad_invalida",
    POSTERIOR: "nacimiento_posterior",
    MENOR: "menor_de_edad",
    IMPOSIBLE: "edad_imposible",
}


@dataclass(frozen=True)
class Origin:
    """A source as the statement sees it: a selectable with the needed columns, and what kind each is.

    `rows` is the same with two columns more, archivo and fila, to say where a rejected row is.
    """

    records: FromClause
    rows: FromClause
    kinds: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """What is counted: the cubes that can be made, the layout and the cut-off, the election, the municipios.

    `municipios` maps a code of the TSE («2-1») to the INE's; `departamentos` names and codes of the
    TSE to the INE's; `states` and `cities` the folded names of places abroad to the catalogue's codes.
    """

    cubes: tuple[Cube, ...]
    layout: Layout
    cutoff: date
    election: str | None
    municipios: Mapping[str, str]
    departamentos: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[tuple[str, str], str] = field(default_factory=dict)


def text_of(column: Expression, kind: str) -> Expression:
    """A column as text, whole numbers without decimals (a file may hold the code 25 as 25.0)."""
    if kind == TEXTO:
        return column
    if kind == DECIMAL:
        whole = and_(column.between(-1e15, 1e15), column == func.floor(column))
        return case((whole, cast(cast(column, BigInteger), Text)), else_=cast(column, Text))
    return cast(column, Text)


# --- registros --------------------------------------------------------------------------------------------------------


def registros(question: Question, origin: Origin, source: FromClause, more: Sequence[Expression] = ()) -> Rows:
    """One row per record with what counting needs; `source` is one of the two of `origin`."""
    layout = question.layout
    column = {name: source.c[name] for name in layout.needed(question.election)}
    kind = origin.kinds

    def as_text(name: str) -> Expression:
        return text_of(column[name], kind[name])

    identifier = identifier_of(question, source, kind)
    chosen = [case((_empty(question, identifier, kind), 1), else_=0).label("sin_identificador")]
    chosen += [as_text(name).label(f"municipio_{i}") for i, name in enumerate(layout.columns["municipio"])]
    chosen.append(_age(question, column, kind).label("tramo"))
    for name in (*record.CODED, "pais_residencia", "estado_residencia", "ciudad_residencia", "departamento_origen"):
        if name in layout.columns:
            chosen.append(as_text(layout.columns[name][0]).label(name))
    if "mesa" in layout.columns:
        name = layout.columns["mesa"][0]
        chosen.append(_bad_mesa(column[name], kind[name]).label("mesa_mala"))
    if question.election:
        chosen.append(as_text(layout.votes[question.election]).label("voto"))
    return select(*chosen, *more).select_from(source)


def is_blank(value: Expression) -> Condition:
    """Whether a text says nothing."""
    return or_(value.is_(None), func.trim(value) == "")


def _age(question: Question, column: Mapping[str, Expression], kind: Mapping[str, str]) -> Expression:
    layout = question.layout
    if "edad" in layout.columns:
        name = layout.columns["edad"][0]
        return _age_in_years(column[name], kind[name])
    name = layout.columns["fecha_nacimiento"][0]
    if kind[name] == FECHA:
        return _age_of(
            column[name], column[name].is_(None), question.cutoff, lambda day: cast(literal(day.isoformat()), Date)
        )
    written = text_of(column[name], kind[name])
    iso = IsoDate(func.trim(written), layout.date_format)
    return _age_of(iso, is_blank(written), question.cutoff, lambda day: day.isoformat())


def _age_of(
    born: Expression, blank: Condition, cutoff: date, written: Callable[[date], Expression | str]
) -> Expression:
    """The age group, by comparing the birth date with the last one of each group: no arithmetic on dates.

    The comparisons are a balanced tree: four for each person in place of fourteen.
    """
    limits = record.birth_limits(cutoff)
    edges = [(record.years_before(cutoff, record.MAXIMUM_AGE + 1), IMPOSIBLE)]
    edges += [(limits[group], group) for group in reversed(limits)] + [(cutoff, MENOR)]

    def among(few: Sequence[tuple[date, str]], last: Expression) -> Expression:
        if not few:
            return last
        half = len(few) // 2
        day, group = few[half]
        return case((born <= written(day), among(few[:half], literal(group))), else_=among(few[half + 1 :], last))

    # A missing date is before and after nothing: it falls to the last branch.
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


def _bad_mesa(value: Expression, kind: str) -> Expression:
    """1 when a mesa is written and is no positive whole number of at most five digits."""
    if kind == ENTERO:
        bad = or_(value < 1, value > record.MAXIMUM_MESA)
    else:
        written = func.trim(text_of(value, kind))
        digits = func.translate(written, "0123456789", "")
        bad = and_(written != "", or_(digits != "", func.length(written) > 5, func.trim(written, "0") == ""))
    return case((bad, 1), else_=0)


# --- Repeated records -------------------------------------------------------------------------------------------------


def identifier_of(question: Question, source: FromClause, kinds: Mapping[str, str]) -> Expression:
    """The identifier of each record, as it is compared: its text without spaces around, or its number."""
    name = question.layout.columns[record.IDENTIFICADOR][0]
    column = source.c[name]
    # Looking for a space costs a tenth of trimming: ten million identifiers seldom have one.
    return case((column.like("% %"), func.trim(column)), else_=column) if kinds[name] == TEXTO else column


def fingerprints(question: Question, origin: Origin) -> Rows:
    """The fingerprint of every record that has an identifier: what an engine in this process hands to the search."""
    identifier = identifier_of(question, origin.records, origin.kinds)
    return select(Fingerprint(identifier).label("huella")).where(~_empty(question, identifier, origin.kinds))


def _empty(question: Question, identifier: Expression, kinds: Mapping[str, str]) -> Condition:
    """Whether an identifier, as `identifier_of` gives it, says nothing."""
    written = kinds[question.layout.columns[record.IDENTIFICADOR][0]] == TEXTO
    return or_(identifier.is_(None), identifier == "") if written else identifier.is_(None)


def repeated_inside(question: Question, origin: Origin) -> Rows:
    """The fingerprints that more than one record has, found by the database itself."""
    every = fingerprints(question, origin).subquery("huellas")
    return select(every.c.huella).group_by(every.c.huella).having(func.count() > 1)


def _with_copies(
    question: Question, origin: Origin, source: FromClause, repeated: FromClause, more: Sequence[Expression]
) -> Query:
    """`registros` with `copia` = 1 in every record but one of those with the same identifier.

    The one that stays is the first by its values, not by its place: the same one in every engine.
    """
    identifier = identifier_of(question, source, origin.kinds)
    mark = Fingerprint(identifier)
    names = question.layout.needed(question.election)
    order = [BinaryOrder(func.coalesce(cast(source.c[name], Text), "")) for name in names]
    place = [source.c[name] for name in ("archivo", "fila") if name in source.c]
    number = func.row_number().over(partition_by=identifier, order_by=[*order, *place])
    among = mark.in_(select(repeated.c.huella))
    once = registros(question, origin, source, [*more, literal(0).label("copia")])
    copy = and_(~_empty(question, identifier, origin.kinds), number > 1)
    many = registros(question, origin, source, [*more, case((copy, 1), else_=0).label("copia")])
    return union_all(once.where(or_(identifier.is_(None), ~among)), many.where(among))


# --- codigos ----------------------------------------------------------------------------------------------------------

BLANK = ""  # the code of a word that says nothing; NULL is the code of a word that nobody declared
MUNICIPIO_COLUMNS = ("municipio_0", "municipio_1")
WORDS = (*record.CODED, "pais_residencia", "estado_residencia", "ciudad_residencia", "departamento_origen", "voto")


#: From a word, or from several in different columns, to its code.
Words = Mapping[str, str] | Mapping[tuple[str, str], str] | Mapping[str | tuple[str, ...], str]


def _table(name: str, rows: Words, keys: Sequence[str] = ("palabra",)) -> FromClause:
    """A small constant table from words to codes."""
    columns = [Column(key, String) for key in keys]
    data = [(*(key if isinstance(key, tuple) else (key,)), code) for key, code in rows.items()]
    return values(*columns, Column("codigo", String), name=name).data(data)


def _words(name: str, rows: Mapping[str, str]) -> FromClause:
    """A table of words that also knows the ones that say nothing."""
    return _table(name, dict.fromkeys(record.BLANKS, BLANK) | dict(rows))


def municipio_codes(question: Question, two_columns: bool) -> Words:
    """Codes of the TSE, without the zeros a number may begin with, to the code of the INE.

    In two columns, 2 and 1; in one, 2-1, 2-01, 201 (a file may write 02-01 or 0201).
    """
    found: dict[str | tuple[str, ...], str] = {}
    for code, ine in question.municipios.items():
        departamento, municipio = code.split("-")
        if two_columns:
            found[departamento, municipio] = ine
        else:
            two = municipio.zfill(2)
            found |= dict.fromkeys(
                (f"{departamento}-{municipio}", f"{departamento}-{two}", f"{departamento}{two}"), ine
            )
    return found


def palabras(groups: FromClause) -> Rows:
    """`groups` with every word folded, once."""
    written = {name: func.coalesce(Folded(groups.c[name]), BLANK) for name in WORDS if name in groups.c}
    places = {
        c.name: func.coalesce(func.ltrim(func.trim(c), "0"), BLANK) for c in groups.c if c.name in MUNICIPIO_COLUMNS
    }
    return select(*((written | places).get(c.name, c).label(c.name) for c in groups.c))


class Coding:
    """The joins, codes and reasons of one `codigos` statement, gathered column by column."""

    def __init__(self, question: Question, groups: FromClause):
        self.question, self.layout, self.groups = question, question.layout, groups
        self.tables = groups
        self.codes: dict[str, Expression] = {}
        self.reasons: list[tuple[Condition, str]] = []

    def join(self, found: FromClause, *keys: Expression) -> Expression:
        """The code that the constant table `found` gives to `keys`; NULL when it has none."""
        same = and_(*(key == value for key, value in zip(list(found.c)[:-1], keys, strict=True)))
        self.tables = self.tables.outerjoin(found, same)
        return found.c.codigo

    def reject(self, when: Condition, reason: str) -> None:
        """Rows that meet `when` are rejected for `reason`, unless an earlier one applies."""
        self.reasons.append((when, reason))

    def brings(self, name: str) -> bool:
        """Whether the layout has this column."""
        return name in self.layout.columns


def codigos(question: Question, groups: FromClause, more: Sequence[Expression] = ()) -> Rows:
    """Each row of `groups` with published codes, where it lives (`residencia`) and why it is rejected (`motivo`)."""
    coding = Coding(question, groups)
    coding.reject(groups.c.sin_identificador == 1, "identificador_vacio")
    if "copia" in groups.c:
        coding.reject(groups.c.copia == 1, "identificador_repetido")
    abroad = _where(coding)
    _who(coding)
    if coding.brings("estado_residencia"):
        _abroad(coding, abroad)
    if coding.brings("departamento_origen"):
        _origin(coding, abroad)
    if coding.brings("mesa"):
        coding.reject(groups.c.mesa_mala == 1, "mesa_invalida")
    if question.election:
        _vote(coding)
    chosen = [value.label(name) for name, value in coding.codes.items()]
    residence = case((abroad, EXTRANJERO), else_=PAIS).label("residencia")
    return select(*chosen, residence, case(*coding.reasons, else_=None).label("motivo"), *more).select_from(
        coding.tables
    )


def _where(coding: Coding) -> Condition:
    """The municipio of each row; what is returned says whether it lives abroad instead."""
    raw = [c for c in coding.groups.c if c.name in MUNICIPIO_COLUMNS]
    two = len(raw) == 2
    keys = ("departamento", "municipio") if two else ("palabra",)
    code = coding.join(_table("municipios", municipio_codes(coding.question, two), keys), *raw)
    abroad = and_((raw[0] if two else func.substr(raw[0], 1, 2)).in_(record.ABROAD), code.is_(None))
    if not two:  # «25-1» or «2501», but not «25» alone
        abroad = and_(abroad, func.length(raw[0]) > 2)
    coding.codes |= {"codigo_departamento": func.substr(code, 1, 2), "codigo_municipio": code}
    coding.reject(and_(~abroad, code.is_(None), or_(*(item == BLANK for item in raw))), "municipio_vacio")
    coding.reject(and_(~abroad, code.is_(None)), "municipio_desconocido")
    return abroad


def _who(coding: Coding) -> None:
    """Sex, age and the other groups that a record says; no answer is a value of these."""
    groups, codes = coding.groups, coding.codes
    for name in record.CODED:
        if not coding.brings(name):
            continue
        code = coding.join(_words(f"valores_{name}", coding.layout.values[name]), groups.c[name])
        if name == "sexo":
            coding.reject(code == BLANK, "sexo_vacio")
        coding.reject(code.is_(None), f"{name}_desconocido")
        codes[name] = code if name == "sexo" else case((code == BLANK, SIN_DATO), else_=code)
    if "comunidad_linguistica" in codes and "pueblo" in codes:
        unsaid = codes["comunidad_linguistica"] == SIN_DATO
        other = codes["pueblo"].not_in(("maya", SIN_DATO))
        codes["comunidad_linguistica"] = case((and_(unsaid, other), NO_APLICA), else_=codes["comunidad_linguistica"])
    codes["grupo_edad"] = groups.c.tramo
    for age, reason in AGE_REASONS.items():
        coding.reject(groups.c.tramo == age, reason)


def _abroad(coding: Coding, abroad: Condition) -> None:
    """Country, state and city. A city that no catalogue has is «otra», so a free text is never published."""
    groups = coding.groups
    found = coding.join(_words("estados", coding.question.states), groups.c.estado_residencia)
    if coding.brings("pais_residencia"):
        country = coding.join(_words("paises", record.country_words()), groups.c.pais_residencia)
        elsewhere = func.coalesce(country, BLANK) == record.OTRO_PAIS
        state: Expression = case((elsewhere, record.OTRO_PAIS), else_=found)
        coding.reject(and_(abroad, or_(country == BLANK, state == BLANK)), "lugar_vacio")
        coding.reject(and_(abroad, or_(country.is_(None), state.is_(None))), "lugar_desconocido")
    else:
        country, state = literal(record.ESTADOS_UNIDOS), found
        coding.reject(and_(abroad, state == BLANK), "lugar_vacio")
        coding.reject(and_(abroad, state.is_(None)), "lugar_desconocido")
    city: Expression = literal(record.OTRA_CIUDAD)
    if coding.brings("ciudad_residencia"):
        catalogue = _table("ciudades", coding.question.cities, ("estado", "palabra"))
        city = func.coalesce(coding.join(catalogue, state, groups.c.ciudad_residencia), record.OTRA_CIUDAD)
    coding.codes |= {"pais_residencia": country, "estado_residencia": state, "ciudad_residencia": city}


def _origin(coding: Coding, abroad: Condition) -> None:
    """The departamento that residents abroad come from, by name or by code of the TSE."""
    words = {record.folded(word): code for word, code in coding.question.departamentos.items()}
    code = coding.join(_words("origenes", words), coding.groups.c.departamento_origen)
    coding.reject(and_(abroad, code == BLANK), "origen_vacio")
    coding.reject(and_(abroad, code.is_(None)), "origen_desconocido")
    coding.codes["codigo_departamento_origen"] = code


def _vote(coding: Coding) -> None:
    """1 voted, 0 did not, NULL was not on that election's roll (nothing written)."""
    code = coding.join(_words("votos", coding.layout.values["voto"]), coding.groups.c.voto)
    coding.reject(code.is_(None), "voto_desconocido")
    coding.codes["voto"] = case((code == "1", 1), (code == "0", 0), else_=None)


# --- The statement ----------------------------------------------------------------------------------------------------


def counted(question: Question, origin: Origin, repeated: FromClause | None) -> Query:
    """Cells of every cube and rows by reason, in one table: cubo, motivo, every level, empadronados, votantes.

    `repeated` has the fingerprints of identifiers seen more than once; None when there are none.
    """
    people = (
        registros(question, origin, origin.records)
        if repeated is None
        else _with_copies(question, origin, origin.records, repeated, [])
    ).subquery("registros")
    grouped = select(*people.c, func.count().label("personas")).group_by(*people.c).cte("grupos")
    words = palabras(grouped).cte("palabras")
    coded = _kept(codigos(question, words, [words.c.personas]).cte("codigos"))
    levels = all_levels(question.cubes)
    account = select(
        literal("cuenta").label("cubo"),
        coded.c.motivo,
        *(cast(null(), String).label(name) for name in levels),
        _sum(coded.c.personas).label("empadronados"),
        cast(null(), BigInteger).label("votantes"),
    ).group_by(coded.c.motivo)
    return union_all(account, *(_cells(cube, coded, levels) for cube in question.cubes))


def _kept(cte: CTE) -> CTE:
    """`cte` worked out once, although every cube reads it."""
    return cte.prefix_with("MATERIALIZED", dialect="postgresql").prefix_with("MATERIALIZED", dialect="duckdb")


def all_levels(cubes: Sequence[Cube]) -> tuple[str, ...]:
    """The level columns of every cube, each once."""
    return tuple(dict.fromkeys(name for cube in cubes for name in cube.columns))


def _sum(value: Expression) -> Expression:
    """A count of people: the grand total of no rows is NULL in SQL, and here nobody."""
    return func.coalesce(cast(func.sum(value), BigInteger), 0)


def _cells(cube: Cube, coded: FromClause, levels: Sequence[str]) -> Rows:
    own = set(cube.columns)
    votes: Expression = cast(null(), BigInteger)
    if cube.of_election:
        votes = _sum(case((coded.c.voto == 1, coded.c.personas), else_=0))
    sets = [tuple_(*(coded.c[name] for name in margin)) if margin else text("()") for margin in cube.margins]
    cells = select(
        literal(cube.name),
        cast(null(), String),
        *(coded.c[name] if name in own else cast(null(), String) for name in levels),
        _sum(coded.c.personas),
        votes,
    ).where(coded.c.motivo.is_(None), coded.c.residencia == cube.residence)
    if cube.of_election:
        cells = cells.where(coded.c.voto.is_not(None))
    return cells.group_by(func.grouping_sets(*sets))


def rejected(question: Question, origin: Origin, repeated: FromClause | None) -> Rows:
    """File, row and reason of every rejected row: nothing else of it."""
    source = origin.rows
    place = [source.c.archivo, source.c.fila]
    people = (
        registros(question, origin, source, place)
        if repeated is None
        else _with_copies(question, origin, source, repeated, place)
    ).subquery("registros")
    words = palabras(people).subquery("palabras")
    coded = codigos(question, words, [words.c.archivo, words.c.fila]).subquery("codigos")
    return (
        select(coded.c.archivo, coded.c.fila, coded.c.motivo)
        .where(coded.c.motivo.is_not(None))
        .order_by(coded.c.archivo, coded.c.fila)
    )
