"""A result of the pipeline as the files of a release: tables, artifacts, manifest.json and datapackage.json.

The id is the latest cut-off and the hash of everything in the release, so the same content always has the same name; of
invented people, it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from etl import __version__
from etl.disclosure.utility import Utility
from etl.model import Confidence, Dataset, Frames, Table
from etl.pipeline.run import Result
from etl.publish.package import datapackage
from etl.publish.parquet import cited, has_geometry, parquet, source_facts
from etl.publish.told import cutoff_said, license_of, published, sources_said, with_told
from etl.release import (
    Content,
    CorrectionFacts,
    DatasetFacts,
    EarlierFacts,
    FileFacts,
    Losses,
    LossFacts,
    Mark,
    Past,
)
from etl.release.names import SYNTHETIC, content_hash, named_files

#: The format of a file that is not a table, by its suffix.
FORMATS = {
    ".parquet": "GeoParquet",
    ".geojson": "GeoJSON",
    ".topojson": "TopoJSON",
    ".json": "JSON",
    ".gpkg": "GeoPackage",
    ".zip": "Shapefile",
}
SYNTHETIC_PREFIX = "sintetico_"


def release_files(result: Result) -> tuple[str, dict[str, bytes]]:
    """The id of the release and the content of each of its files by name.

    One of the same content as a release that is kept is that release: it names the earlier ones that that one names.
    """
    frames = {
        table.name: with_told(dataset, table, result.tables[table.name], result.tables)
        for dataset in result.datasets
        for table in dataset.tables
    }
    files = _tables(result, frames) | {name: item.content for name, (_, item) in result.artifacts.items()}
    facts = _file_facts(result, files, frames)
    manifest, package = _manifest(result, facts), datapackage(result, facts)
    latest = max(source.cutoff for dataset in result.datasets for source in dataset.sources())
    start = f"{SYNTHETIC if result.synthetic else ''}{latest.isoformat()}-"
    if any(table.name in result.past.tables for dataset in result.datasets for table in dataset.tables):
        manifest = _recognised(manifest, package, start, result.past)
    release_id, catalogues = named_files(start, manifest, package)
    return release_id, files | catalogues


def _recognised(manifest: Content, package: Mapping[str, object], start: str, past: Past) -> Content:
    """A manifest that names the earlier releases: as the kept one of the same content names them, or else all."""
    for name in past.kept:
        told = _after(manifest, past.named_by(name))
        if name == start + content_hash(told, package):
            return told
    return _after(manifest, past.facts)


def _after(manifest: Content, earlier: list[EarlierFacts]) -> Content:
    named = manifest.copy()
    if earlier:
        named["anteriores"] = earlier
    return named


def _tables(result: Result, frames: Frames) -> dict[str, bytes]:
    return {
        table_file(result, dataset, table): parquet(dataset, published(table), frames[table.name])
        for dataset in result.datasets
        for table in dataset.tables
    }


def table_file(result: Result, dataset: Dataset, table: Table) -> str:
    """The file a table is published in; the name of one about invented people says so."""
    return f"{SYNTHETIC_PREFIX if dataset.name in result.synthetic else ''}{table.name}.parquet"


# --- manifest.json --------------------------------------------------------------------------------------------------


def _file_facts(result: Result, files: Mapping[str, bytes], frames: Frames) -> list[FileFacts]:
    facts = []
    for dataset in result.datasets:
        for table in dataset.tables:
            name = table_file(result, dataset, table)
            frame = frames[table.name]
            kind = "GeoParquet" if has_geometry(table) else "Parquet"
            facts.append(_facts(dataset, table, name, files[name], kind, frame, table.title, table.description))
        for name, (owner, item) in result.artifacts.items():
            if owner.name == dataset.name:
                kind = FORMATS[Path(name).suffix]
                facts.append(_facts(dataset, None, name, item.content, kind, None, item.title, item.description))
    return facts


def _facts(
    dataset: Dataset,
    table: Table | None,
    name: str,
    content: bytes,
    kind: str,
    frame: pd.DataFrame | None,
    title: str,
    description: str,
) -> FileFacts:
    sources = sources_said(dataset, table, frame)
    return {
        "nombre": name,
        "dataset": dataset.name,
        "tabla": table.name if table else None,
        "titulo": title,
        "descripcion": description,
        "formato": kind,
        "filas": None if frame is None else len(frame),
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "licencia": license_of(dataset).title,
        "licencia_url": license_of(dataset).url,
        "licencia_id": license_of(dataset).name,
        "cita": cited(dataset, sources, title),
        "corte": cutoff_said(sources, frame).isoformat(),
        "confianza": Confidence.weakest(source.confidence for source in sources).value,
        "fuentes": [source_facts(source) for source in sources],
    }


def _manifest(result: Result, facts: list[FileFacts]) -> Content:
    mark: Mark = {"sintetica": True} if result.synthetic else {}
    if result.invented:
        mark["inventadas"], mark["representan"] = result.invented
    return {
        **mark,
        "version_codigo": __version__,
        "datasets": [_dataset_facts(dataset, result) for dataset in result.datasets],
        "archivos": facts,
        "entradas": [
            {"dataset": account.dataset.name, "archivo": file, "sha256": sha256, "filas": rows}
            for account in result.accounts
            for file, sha256, rows in account.inputs
        ],
        "advertencias": [
            {"dataset": item.dataset, "mensaje": item.message, "territorios": list(item.territories)}
            for item in result.notices
        ],
    }


def _dataset_facts(dataset: Dataset, result: Result) -> DatasetFacts:
    account = next(item for item in result.accounts if item.dataset.name == dataset.name)
    lost = [_loss(item) for item in result.utility.get(dataset.name, ())]
    losses: Losses = {"utilidad": lost} if lost else {}
    if dataset.topic:
        losses["tema"] = dataset.topic
    return {
        "nombre": dataset.name,
        "titulo": dataset.title,
        "descripcion": dataset.description,
        "tablas": [table.name for table in dataset.tables],
        "filas_leidas": account.read,
        "filas_cargadas": account.loaded,
        "filas_rechazadas": [{"motivo": reason, "filas": count} for reason, count in account.rejected.items()],
        "control_de_divulgacion": dataset.disclosure,
        **losses,
        "correcciones": _corrections(dataset, result),
        "fuentes": [source_facts(source) for source in dataset.sources()],
    }


def _corrections(dataset: Dataset, result: Result) -> list[CorrectionFacts]:
    """What of the sources of a dataset was corrected, and what of it was counted again."""
    fixes: list[CorrectionFacts] = [
        {"archivo": fix.file, "que": fix.what, "por_que": " ".join(fix.why.split()), "reporta": fix.reported_by}
        for fix in result.corrections[dataset.name]
    ]
    return fixes + result.recounts.get(dataset.name, [])


def _loss(item: Utility) -> LossFacts:
    return {
        "cruce": item.cross,
        "cifra": item.measure,
        "celdas": item.cells,
        "celdas_ocultas": item.hidden_cells,
        "personas": item.people,
        "personas_en_celdas_ocultas": item.hidden_people,
        "corte": item.cutoff,
        "eleccion": item.election,
    }
