"""Tables to Parquet: typed, sorted by key, zstd, in small row groups, with titles, labels and units in the schema.

The same table gives the same bytes on any machine (for one version of pyarrow): nothing here depends on time or place.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from etl.country import COUNTRY
from etl.model import Dataset, Field, Kind, Source, Table
from etl.publish.told import license_of, sources_said
from etl.release import SourceFacts
from etl.release.cited import Cited, citation

ROW_GROUP = 8192  # rows: small enough for a filter by municipio to skip most of a large table

Metadata = dict[bytes | str, bytes | str]  # of a schema or of a column
TYPES = {kind: pa.type_for_alias(kind.arrow) for kind in Kind}


def parquet(dataset: Dataset, table: Table, frame: pd.DataFrame) -> bytes:
    """`frame`, already typed and sorted, as the bytes of the published file of `table`, with every column that it has."""
    content = _geo_table(table, frame) if has_geometry(table) else _plain_table(table, frame)
    described = [_described(content.schema.field(item.name), item) for item in table.columns]
    metadata: Metadata = {name: text for name, text in (content.schema.metadata or {}).items()}
    content = content.cast(pa.schema(described, metadata=metadata | _table_metadata(dataset, table, frame)))
    sink = io.BytesIO()
    pq.write_table(content, sink, compression="zstd", compression_level=9, row_group_size=ROW_GROUP)
    return sink.getvalue()


def has_geometry(table: Table) -> bool:
    """Whether the file of `table` is GeoParquet."""
    return any(item.kind is Kind.GEOMETRIA for item in table.fields)


def _plain_table(table: Table, frame: pd.DataFrame) -> pa.Table:
    columns = {item.name: pa.Array.from_pandas(frame[item.name], type=TYPES[item.kind]) for item in table.columns}
    return pa.table({name: _whole(column) for name, column in columns.items()})


def _whole(column: pa.Array[Any] | pa.ChunkedArray[Any]) -> pa.Array[Any]:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _geo_table(table: Table, frame: pd.DataFrame) -> pa.Table:
    import geopandas  # only for boundaries: it is slow to import

    sink = io.BytesIO()
    crs = table.field("geometry").crs or COUNTRY.crs
    geopandas.GeoDataFrame(frame, geometry="geometry", crs=crs).to_parquet(sink, index=False)
    content = pq.read_table(io.BytesIO(sink.getvalue()))
    types = {item.name: TYPES[item.kind] for item in table.columns}
    schema = pa.schema([pa.field(name, kind) for name, kind in types.items()])
    return content.cast(schema).replace_schema_metadata({b"geo": content.schema.metadata[b"geo"]})


def _described(column: pa.Field[Any], declared: Field) -> pa.Field[Any]:
    facts: Metadata = {
        "titulo": declared.title,
        "descripcion": declared.description,
        "tipo": declared.kind.value,
    }
    if declared.unit:
        facts["unidad"] = declared.unit
    if declared.labels:
        facts["etiquetas"] = json.dumps(dict(declared.labels), ensure_ascii=False)
    return column.with_nullable(declared.nullable).with_metadata(facts)


def _table_metadata(dataset: Dataset, table: Table, frame: pd.DataFrame) -> Metadata:
    sources = sources_said(dataset, table, frame)
    return {
        "titulo": table.title,
        "descripcion": table.description,
        "dataset": dataset.name,
        "clave": json.dumps(list(table.key)),
        "licencia": license_of(dataset).name,
        "licencia_titulo": license_of(dataset).title,
        "licencia_url": license_of(dataset).url,
        "cita": cited(dataset, sources, table.title),
        "fuentes": json.dumps([source_facts(item) for item in sources], ensure_ascii=False),
    }


def cited(dataset: Dataset, sources: Iterable[Source], title: str) -> str:
    """How to cite a file of a dataset that rests on some sources."""
    named = (
        Cited(one.publisher, one.title, one.cutoff_text or one.cutoff.isoformat(), one.transcriber) for one in sources
    )
    return citation(title, named, license_of(dataset).name)


def source_facts(source: Source) -> SourceFacts:
    """What a reader is told about a source, with the names used everywhere outside the code."""
    facts: SourceFacts = {
        "titulo": source.title,
        "editor": source.publisher,
        "url": source.url,
        "licencia": source.license.title,
        "licencia_url": source.license.url,
        "corte": source.cutoff.isoformat(),
        "corte_texto": source.cutoff_text,
        "confianza": source.confidence.value,
        "nota": source.note,
    }
    if source.period:
        facts["periodo"] = source.period
    if source.key:
        facts["clave"] = source.key
    if source.transcriber:
        facts["transcrita_por"] = source.transcriber
    return facts
