"""A result of the pipeline as the files of a release: tables, artifacts, manifest.json and datapackage.json.

The id is the latest cut-off and the hash of everything in the release, so the same content always has the same name; of
invented people, it says so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from etl import __version__
from etl.disclosure.utility import Utility
from etl.licenses import DERIVED_DATA
from etl.model import Confidence, Dataset, Field, Kind, License, Source, Table
from etl.pipeline.run import Result
from etl.publish.parquet import cited, has_geometry, parquet, source_facts
from etl.publish.told import license_of, published, with_told
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

FORMATS = {".parquet": "Parquet", ".geojson": "GeoJSON", ".topojson": "TopoJSON", ".json": "JSON"}
MEDIA_TYPES = {
    "Parquet": "application/vnd.apache.parquet",
    "GeoParquet": "application/vnd.apache.parquet",
    "GeoJSON": "application/geo+json",
    "TopoJSON": "application/json",
    "JSON": "application/json",
}
SYNTHETIC_PREFIX = "sintetico_"
PACKAGE_TYPES = {kind: kind.package for kind in Kind}


def release_files(result: Result) -> tuple[str, dict[str, bytes]]:
    """The id of the release and the content of each of its files by name.

    One of the same content as a release that is kept is that release: it names the earlier ones that that one names.
    """
    files = _tables(result) | {name: item.content for name, (_, item) in result.artifacts.items()}
    facts = _file_facts(result, files)
    manifest, package = _manifest(result, facts), _datapackage(result, facts)
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


def _tables(result: Result) -> dict[str, bytes]:
    return {
        table_file(result, dataset, table): parquet(
            dataset, published(table), with_told(dataset, table, result.tables[table.name], result.tables)
        )
        for dataset in result.datasets
        for table in dataset.tables
    }


def table_file(result: Result, dataset: Dataset, table: Table) -> str:
    """The file a table is published in; the name of one about invented people says so."""
    return f"{SYNTHETIC_PREFIX if dataset.name in result.synthetic else ''}{table.name}.parquet"


# --- manifest.json --------------------------------------------------------------------------------------------------


def _file_facts(result: Result, files: Mapping[str, bytes]) -> list[FileFacts]:
    facts = []
    for dataset in result.datasets:
        for table in dataset.tables:
            name = table_file(result, dataset, table)
            rows = len(result.tables[table.name])
            kind = "GeoParquet" if has_geometry(table) else "Parquet"
            facts.append(_facts(dataset, table, name, files[name], kind, rows, table.title, table.description))
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
    rows: int | None,
    title: str,
    description: str,
) -> FileFacts:
    sources = dataset.sources(table)
    return {
        "nombre": name,
        "dataset": dataset.name,
        "tabla": table.name if table else None,
        "titulo": title,
        "descripcion": description,
        "formato": kind,
        "filas": rows,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "licencia": license_of(dataset).title,
        "licencia_url": license_of(dataset).url,
        "licencia_id": license_of(dataset).name,
        "cita": cited(dataset, table, title),
        "corte": max(source.cutoff for source in sources).isoformat(),
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


# --- datapackage.json (Data Package, https://datapackage.org/standard/) --------------------------------------------


def _datapackage(result: Result, facts: list[FileFacts]) -> dict[str, object]:
    return {
        **({"sintetica": True} if result.synthetic else {}),
        "name": "padron-abierto",
        "title": "Padrón Abierto: el padrón electoral de Guatemala en datos abiertos",
        "description": "Empadronados, población, censo y límites de los municipios de Guatemala, verificados.",
        "licenses": [_package_license(DERIVED_DATA)],
        "resources": [_resource(result, item) for item in facts],
    }


def _package_license(terms: License) -> dict[str, str]:
    return {"name": terms.name, "title": terms.title, "path": terms.url}


def _resource(result: Result, facts: FileFacts) -> dict[str, object]:
    dataset = next(item for item in result.datasets if item.name == facts["dataset"])
    table = dataset.table(facts["tabla"]) if facts["tabla"] else None
    resource: dict[str, object] = {
        "name": table.name if table else facts["nombre"].replace(".", "_"),
        "path": facts["nombre"],
        "type": "table" if table else "json",
        "title": facts["titulo"],
        "description": facts["descripcion"],
        "format": Path(facts["nombre"]).suffix.removeprefix("."),
        "mediatype": MEDIA_TYPES[facts["formato"]],
        "bytes": facts["bytes"],
        "hash": f"sha256:{facts['sha256']}",
        "licenses": [_package_license(license_of(dataset))],
        "sources": [_package_source(source) for source in dataset.sources(table)],
        "cita": facts["cita"],
    }
    return resource | ({"schema": _schema(published(table)), **_counts(table)} if table else {})


def _package_source(source: Source) -> dict[str, str]:
    """A source as a Data Package says it, with the key that rows call it by and who copied it, when that is a third party."""
    told = {"title": source.title, "path": source.url, "clave": source.key, "transcrita_por": source.transcriber or ""}
    return {name: text for name, text in told.items() if text}


def _counts(table: Table) -> dict[str, object]:
    """What the table counts and by what, for the readers of the release that must know (the site)."""
    measures = [{name: value for name, value in asdict(item).items() if value} for item in table.measures]
    found = {"mide": measures, "cruces": [list(cross) for cross in table.crosses]}
    return {name: value for name, value in found.items() if value}


def _schema(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [
            *(_package_field(item) for item in table.fields),
            *(_package_field(item) | {"de_la_fila": True} for item in table.told),
        ],
        "primaryKey": list(table.key),
    }
    links = [
        {
            "fields": list(reference.fields),
            "reference": {"resource": reference.target, "fields": list(reference.target_fields)},
        }
        for reference in table.references
        if reference.unless is None  # a reference with exceptions cannot be written as a foreign key
    ]
    return schema | ({"foreignKeys": links} if links else {})


def _package_field(item: Field) -> dict[str, object]:
    limits = {
        "required": not item.nullable or None,
        "pattern": item.pattern,
        "enum": list(item.labels) if item.labels else None,
        "minimum": item.minimum,
        "maximum": item.maximum,
    }
    described: dict[str, object] = {
        "name": item.name,
        "type": PACKAGE_TYPES.get(item.kind, "string"),
        "tipo": item.kind.value,
        "title": item.title,
        "description": item.description,
        "constraints": {name: value for name, value in limits.items() if value is not None},
    }
    if item.labels:
        described["categories"] = [{"value": value, "label": label} for value, label in item.labels.items()]
    if item.decimals is not None:
        described["decimales"] = item.decimals
    adds = {"se_suma": item.additive, "divide": item.divides, "no_se_suman": list(item.unsummed)}
    described |= {name: said for name, said in adds.items() if said}
    return described | ({"unit": item.unit} if item.unit else {})
