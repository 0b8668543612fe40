"""Promise: what a kind of value is in pandas, Arrow, SQL and a Data Package is said once, and all of them understand it."""

from __future__ import annotations

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
from frictionless import Field

from etl.model import Kind
from etl.publish.parquet import TYPES

every_kind = pytest.mark.parametrize("kind", Kind)


@every_kind
def test_pandas_and_arrow_hold_the_same_values(kind: Kind) -> None:
    column = pd.Series([None], dtype=kind.pandas)
    assert str(column.dtype) == kind.pandas
    assert pa.Array.from_pandas(column, type=TYPES[kind]).null_count == 1


@every_kind
def test_a_column_read_from_parquet_has_its_type_in_sql(kind: Kind) -> None:
    made = duckdb.sql(f"SELECT CAST(NULL AS {kind.sql}) AS valor")
    assert made.to_arrow_table().schema.field("valor").type == TYPES[kind]


@every_kind
def test_a_data_package_knows_its_type(kind: Kind) -> None:
    assert Field.from_descriptor({"name": "valor", "type": kind.package}).type == kind.package


def test_a_kind_is_still_its_word() -> None:
    assert [Kind(kind.value) for kind in Kind] == list(Kind)
    assert f"{Kind.ENTERO}" == Kind.ENTERO.value == "entero"
