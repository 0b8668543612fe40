"""The statement in the SQL of Apache Spark, and the names of its tables as a person writes them.

SQLAlchemy writes it for PostgreSQL, and `sqlglot` says the same as Spark does: the marks around names, the texts with
bars, the regular expressions, the tables of constants.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy.dialects.postgresql.base import PGDialect

from etl.microdata.dialects import Query
from etl.microdata.errors import MicrodataError

#: Files that Spark reads by itself, and how; a text that is not written like this stops the job.
FORMATS: dict[str, dict[str, str]] = {
    "parquet": {},
    "orc": {},
    "csv": {"header": "true", "escape": '"', "mode": "FAILFAST", "enforceSchema": "false", "columnPruning": "false"},
}
PART = re.compile(r"\s*(?:`(?P<quoted>(?:[^`]|``)+)`|(?P<plain>\w+))\s*")
NOT_A_NAME = (
    "--tabla se escribe tabla, base.tabla o catalogo.base.tabla, y un nombre con otros signos, entre acentos graves: "
    "`mi tabla`; los archivos de una carpeta que el clúster ve, parquet.`/carpeta` (o orc, o csv)"
)


class Spark(PGDialect):
    """What `sqlglot` is given: the words of PostgreSQL but for what is spelled differently in `etl.microdata.dialects`."""

    name = "spark"
    #: With values written as `$1`, a per cent sign in a text is only a per cent sign.
    default_paramstyle = "numeric_dollar"


SPARK = Spark()


@dataclass(frozen=True)
class Step:
    """A query that others use by its name; one that many use is `kept`: the cluster works it out once."""

    name: str
    words: str
    kept: bool


def for_spark(query: Query) -> tuple[list[Step], str]:
    """`query` as text that Spark runs, values included: they are ours, codes and words of the layout and dates.

    Each CTE is a step: Spark works one out again each time that it is named, and does not know one that it keeps by what it is.
    """
    from sqlglot import exp, parse_one

    written = str(query.compile(dialect=SPARK, compile_kwargs={"literal_binds": True}))
    tree = parse_one(written, read="postgres")
    steps = [Step(one.alias, one.this.sql(dialect="spark"), bool(one.args.get("materialized"))) for one in tree.ctes]
    if steps:
        tree.find(exp.With).pop()
    return steps, str(tree.sql(dialect="spark"))


def unended(query: str) -> str:
    """`query` without the semicolons that end it, nor the comments after them; as it is when it has none or cannot be cut."""
    from sqlglot import TokenError, TokenType
    from sqlglot.dialects import Spark as Words

    try:
        tokens = Words().tokenize(query)
    except TokenError:
        return query
    end = len(query)
    while tokens and tokens[-1].token_type is TokenType.SEMICOLON:
        end = tokens.pop().start
    return query[:end]


# --- Tables -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """What `--tabla` names: a table or, in a `form`, the files of a folder."""

    parts: tuple[str, ...]
    form: str | None = None

    @property
    def quoted(self) -> str:
        """The name of a table as Spark reads it: whatever signs it has, it is only a name."""
        return ".".join(quoted(part) for part in self.parts)


def quoted(name: str) -> str:
    """One name as Spark reads it."""
    return f"`{name.replace('`', '``')}`"


def named(written: str) -> Named:
    """What a person means by a name; MicrodataError when it is none."""
    parts: list[str] = []
    marked: list[bool] = []
    at = 0
    while found := PART.match(written, at):
        parts.append(found["plain"] or found["quoted"].replace("``", "`"))
        marked.append(found["plain"] is None)
        at = found.end()
        if at == len(written):
            of_files = marked == [False, True] and parts[0].lower() in FORMATS
            return Named((parts[1],), parts[0].lower()) if of_files else Named(tuple(parts))
        if written[at] != ".":
            break
        at += 1
    raise MicrodataError(NOT_A_NAME)
