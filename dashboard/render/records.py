"""Rows of Arrow as JSON, one object each: a column at a time, as in `lines`, since a million of them take seconds otherwise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

NOTHING = "null"


def records(batch: pa.RecordBatch, before: str, after: str) -> memoryview:
    """The bytes of some rows, each an object between `before` and `after`: dates as ISO text, null for what is missing."""
    pieces: list[Any] = []
    for number, (name, column) in enumerate(zip(batch.schema.names, batch.columns, strict=True)):
        opening = f"{before}{{" if number == 0 else ","
        pieces += [pa.scalar(f"{opening}{json.dumps(name, ensure_ascii=False)}:"), _text(column)]
    whole = pc.call_function("binary_join_element_wise", [*pieces, pa.scalar(f"}}{after}"), pa.scalar("")])
    _, offsets, data = whole.buffers()
    first, last = pa.Array.from_buffers(pa.int32(), len(whole) + 1, [None, offsets]).take([0, len(whole)]).to_pylist()
    assert data is not None
    return memoryview(data)[first:last]


def _text(column: pa.Array[Any]) -> pa.Array[Any]:
    """The values of a column as JSON has them."""
    if pa.types.is_string(column.type) or pa.types.is_date(column.type):
        told = column.cast(pa.string()).dictionary_encode()  # most texts are one of a few: each is looked at once
        words = pa.array([json.dumps(text, ensure_ascii=False) for text in told.dictionary.to_pylist()], pa.string())
        made: pa.Array[Any] = words.take(told.indices)
    else:
        made = column.cast(pa.string())
    found: pa.Array[Any] = pc.call_function("coalesce", [made, pa.scalar(NOTHING)])
    return found


def joined(batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """Every row of some batches, with commas between them, a batch at a time."""
    first = True
    for batch in batches:
        made = records(batch, ",", "")
        yield bytes(made[1:] if first else made)
        first = False
