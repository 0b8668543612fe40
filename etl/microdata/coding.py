"""From the words of a record to the published codes, or to the reason why its row is rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import (
    Column,
    FromClause,
    String,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    values,
)

from etl.cubes.declared import NO_APLICA, SIN_DATO
from etl.microdata import ages, record
from etl.microdata.dialects import Condition, Expression, Folded, Rows
from etl.microdata.question import (
    AGE_REASONS,
    EXTRANJERO,
    PAIS,
    Question,
)

BLANK = ""  # the code of a word that says nothing; NULL is the code of a word that nobody declared
MUNICIPIO_COLUMNS = ("municipio_0", "municipio_1")
WORDS = (*record.CODED, "pais_residencia", "estado_residencia", "ciudad_residencia", "departamento_origen")


#: From a word, or from several in different columns, to its code.
Words = Mapping[str, str] | Mapping[tuple[str, str], str] | Mapping[str | tuple[str, ...], str]


def _table(name: str, rows: Words, keys: Sequence[str] = ("palabra",)) -> FromClause:
    """A small constant table from words to codes."""
    columns = [Column(key, String) for key in keys]
    data = [(*(key if isinstance(key, tuple) else (key,)), code) for key, code in rows.items()]
    return values(*columns, Column("codigo", String), name=name).data(data)


def _words(name: str, rows: Mapping[str, str], more: Sequence[str] = ()) -> FromClause:
    """A table of words that also knows the ones that say nothing, `more` among them."""
    return _table(name, dict.fromkeys((*record.BLANKS, *more), BLANK) | dict(rows))


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
    names = [c.name for c in groups.c if c.name in WORDS or c.name.startswith("voto_")]
    written = {name: func.coalesce(Folded(groups.c[name]), BLANK) for name in names}
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
        self.unknown: dict[str, Expression] = {}

    def join(self, found: FromClause, *keys: Expression) -> Expression:
        """The code that the constant table `found` gives to `keys`; NULL when it has none."""
        same = and_(*(key == value for key, value in zip(list(found.c)[:-1], keys, strict=True)))
        self.tables = self.tables.outerjoin(found, same)
        return found.c.codigo

    def reject(self, when: Condition, reason: str) -> None:
        """Rows that meet `when` are rejected for `reason`, unless an earlier one applies."""
        self.reasons.append((when, reason))

    def not_declared(self, name: str, when: Condition, word: Expression) -> None:
        """Rows that meet `when` have in the column `name` a `word` that nobody declared."""
        self.unknown[name] = case((when, word), else_=None)

    def brings(self, name: str) -> bool:
        """Whether the layout has this column."""
        return name in self.layout.columns


def codigos(coding: Coding, more: Sequence[Expression] = (), unknown: bool = False) -> Rows:
    """Each row of the groups with published codes, where it lives (`residencia`) and why it is rejected (`motivo`).

    With `unknown`, also the words that nobody declared, each in the column `sin_declarar_` and its name.
    """
    question, groups = coding.question, coding.groups
    if "fila_corta" in groups.c:
        coding.reject(groups.c.fila_corta == 1, "fila_corta")
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
        coding.not_declared("mesa", groups.c.mesa_mala == 1, literal(BLANK))
    for election, name in question.votes.items():
        _vote(coding, election, name)
    chosen = [value.label(name) for name, value in coding.codes.items()]
    if unknown:
        chosen += [word.label(f"sin_declarar_{name}") for name, word in coding.unknown.items()]
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
    word = raw[0].concat("-").concat(raw[1]) if two else raw[0]
    said = and_(*(item != BLANK for item in raw))
    coding.not_declared("municipio", and_(~abroad, code.is_(None), said), word)
    return abroad


def _who(coding: Coding) -> None:
    """Sex, age and the other groups that a record says; no answer is a value of these."""
    groups, codes = coding.groups, coding.codes
    for name in record.CODED:
        if not coding.brings(name):
            continue
        more = record.NO_COMMUNITY if name == "comunidad_linguistica" else ()
        code = coding.join(_words(f"valores_{name}", coding.layout.values[name], more), groups.c[name])
        coding.not_declared(name, code.is_(None), groups.c[name])
        if name == "sexo":
            coding.reject(code == BLANK, "sexo_vacio")
            coding.reject(code.is_(None), "sexo_desconocido")
        codes[name] = code if name == "sexo" else case((func.coalesce(code, BLANK) == BLANK, SIN_DATO), else_=code)
    if "comunidad_linguistica" in codes and "pueblo" in codes:
        unsaid = codes["comunidad_linguistica"] == SIN_DATO
        other = codes["pueblo"].not_in(("maya", SIN_DATO))
        codes["comunidad_linguistica"] = case((and_(unsaid, other), NO_APLICA), else_=codes["comunidad_linguistica"])
    _ages(coding)
    for age, reason in AGE_REASONS.items():
        coding.reject(groups.c.tramo == age, reason)


def _ages(coding: Coding) -> None:
    """The age group at the cut-off, and on the day of each election."""
    names = coding.question.age_columns.values()
    rows = [(name, *groups) for name, groups in ages.groups(coding.question).items()]
    found = values(Column("tramo", String), *(Column(name, String) for name in names), name="edades").data(rows)
    coding.tables = coding.tables.outerjoin(found, found.c.tramo == coding.groups.c.tramo)
    coding.codes |= {name: found.c[name] for name in names}


def _abroad(coding: Coding, abroad: Condition) -> None:
    """Country, state and city. Any country but the United States is «otro», and a city that no catalogue has, «otra»:
    so a free text is never published. Who does not say the country, or a state that is known, is counted as no answer.
    """
    groups = coding.groups
    found = coding.join(_words("estados", coding.question.states), groups.c.estado_residencia)
    country: Expression = literal(record.ESTADOS_UNIDOS)
    state = found
    if coding.brings("pais_residencia"):
        said = coding.join(_words("paises", record.country_words()), groups.c.pais_residencia)
        country = func.coalesce(said, record.OTRO_PAIS)
        state = case((country == record.OTRO_PAIS, record.OTRO_PAIS), else_=found)
        coding.not_declared("pais_residencia", and_(abroad, country == BLANK), literal(BLANK))
    nowhere = country == BLANK
    unsaid = or_(nowhere, func.coalesce(state, BLANK) == BLANK)
    word = case((state.is_(None), groups.c.estado_residencia), else_=BLANK)
    coding.not_declared("estado_residencia", and_(abroad, ~nowhere, unsaid), word)
    city: Expression = literal(record.OTRA_CIUDAD)
    if coding.brings("ciudad_residencia"):
        catalogue = _table("ciudades", coding.question.cities, ("estado", "palabra"))
        city = func.coalesce(coding.join(catalogue, state, groups.c.ciudad_residencia), record.OTRA_CIUDAD)
    coding.codes |= {
        "pais_residencia": case((nowhere, SIN_DATO), else_=country),
        "estado_residencia": case((unsaid, SIN_DATO), else_=state),
        "ciudad_residencia": case((unsaid, SIN_DATO), else_=city),
    }


def _origin(coding: Coding, abroad: Condition) -> None:
    """The departamento that residents abroad come from, by name or by code of the TSE; else it is no answer."""
    words = {record.folded(word): code for word, code in coding.question.departamentos.items()}
    code = coding.join(_words("origenes", words), coding.groups.c.departamento_origen)
    unsaid = func.coalesce(code, BLANK) == BLANK
    word = case((code.is_(None), coding.groups.c.departamento_origen), else_=BLANK)
    coding.not_declared("departamento_origen", and_(abroad, unsaid), word)
    coding.codes["codigo_departamento_origen"] = case((unsaid, SIN_DATO), else_=code)


def _vote(coding: Coding, election: str, name: str) -> None:
    """1 voted, 0 did not, NULL was not on that election's roll (nothing written)."""
    word = coding.groups.c[name]
    code = coding.join(_words(f"palabras_de_{name}", coding.layout.values["voto"]), word)
    coding.reject(code.is_(None), "voto_desconocido")
    coding.not_declared(f"voto {election}", code.is_(None), word)
    coding.codes[name] = case((code == "1", 1), (code == "0", 0), else_=None)
