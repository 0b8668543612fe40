"""Rows of Arrow as lines of CSV: as RFC 4180 has them, with no more quotes than are needed, and a column at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dashboard.render.inert import inert_column

#: Text that would be read otherwise without quotes; an empty one would be read as what is not published.
QUOTED = r'[",\r\n]|\A\z'
MISSING_IS_EMPTY = pc.JoinOptions(null_handling="replace", null_replacement="")
#: Where the end of any text is, for what replaces a piece of it.
END = (2**31 - 1, 2**31 - 1)


def header(names: Iterable[str]) -> bytes:
    """The line of the names of the columns."""
    columns = [pa.array([name]) for name in names]
    return bytes(lines(pa.RecordBatch.from_arrays(columns, list(map(str, range(len(columns)))))))


def lines(batch: pa.RecordBatch) -> memoryview:
    """The bytes of some rows, one line each: numbers with their decimal point, empty for what is missing."""
    cells = [_text(column) for column in batch.columns]
    whole = pc.call_function("binary_join_element_wise", [*cells, pa.scalar(",")], MISSING_IS_EMPTY)
    ended: pa.Array[Any] = pc.binary_replace_slice(whole, *END, "\n")
    _, offsets, data = ended.buffers()
    first, last = pa.Array.from_buffers(pa.int32(), len(ended) + 1, [None, offsets]).take([0, len(ended)]).to_pylist()
    assert data is not None
    return memoryview(data)[first:last]


def _text(column: pa.Array[Any]) -> pa.Array[Any]:
    if not pa.types.is_string(column.type):
        return column.cast(pa.string())
    told = column.dictionary_encode()  # most texts are one of a few: each is looked at once
    texts = told.dictionary
    words = _as_read(texts)
    made: pa.Array[Any] = column if words is texts else words.take(told.indices)
    return made


def _as_read(texts: pa.Array[Any]) -> pa.Array[Any]:
    """Texts as a line has them; the very same when there is nothing to change."""
    safe = inert_column(texts)
    wanted = pc.match_substring_regex(safe, QUOTED)
    if not pc.any(wanted).as_py():
        return safe
    doubled = pc.replace_substring(safe, '"', '""')
    quoted = pc.binary_replace_slice(pc.binary_replace_slice(doubled, 0, 0, '"'), *END, '"')
    made: pa.Array[Any] = pc.if_else(wanted, quoted, safe)
    return made
