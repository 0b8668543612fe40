"""What a source can be asked once it is open, whether its records are in files or in a database."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import FromClause

from etl.microdata import statement
from etl.microdata.dialects import Query
from etl.microdata.errors import MicrodataError
from etl.microdata.question import Origin, Question


@dataclass
class Opened(ABC):
    """A source ready to be asked: what the statement needs to know of it, how it is named, the files that it is, each with
    its name in a message, and what of it was left out, in words.
    """

    origin: Origin
    description: str
    inputs: tuple[tuple[str, Path], ...]
    notices: tuple[str, ...]

    @abstractmethod
    def frame(self, query: Query) -> pd.DataFrame:
        """What `query` answers, with its columns by name."""

    @abstractmethod
    def rows(self, query: Query) -> list[tuple[Any, ...]]:
        """What `query` answers, in its order."""

    def counted(self, question: Question, repeated: FromClause | None) -> pd.DataFrame:
        """The cells of every cube and the account of rows, as `etl.microdata.statement` says."""
        return self.frame(statement.counted(question, self.origin, repeated))

    def rejected(self, question: Question, repeated: FromClause | None) -> list[tuple[Any, ...]]:
        """File, row and reason of every rejected row."""
        return self.rows(statement.rejected(question, self.origin, repeated))

    @abstractmethod
    def repeated(self, question: Question) -> FromClause | None:
        """Where the fingerprints of the identifiers seen more than once are; None when every one is its own."""

    @abstractmethod
    def damaged(self) -> list[tuple[str, int]]:
        """File and row of the rows that could not be cut into cells, each once."""

    @abstractmethod
    def forget_damaged(self) -> None:
        """Empty the account of damaged rows: it holds whole lines, and each reading of the source fills it again."""


def check_columns(found: Sequence[str], needed: Sequence[str], name: str) -> None:
    """Every needed column is there once, or MicrodataError.

    What was found is never quoted: in a file without a header, it is somebody's record.
    """
    missing = [item for item in needed if item not in found]
    repeated = [item for item in needed if found.count(item) > 1]
    if missing:
        raise MicrodataError(
            f"{name}: faltan columnas: {', '.join(missing)}. ¿Otra disposición? Declárela con --columnas"
        )
    if repeated:
        raise MicrodataError(f"{name}: columnas repetidas en el encabezado: {', '.join(repeated)}")
