"""/api/v1/estado: what /estado says, for programs that watch it."""

from __future__ import annotations

import csv
import io
from typing import Any

from fastapi import APIRouter
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response

from dashboard.address.parameters import query_of
from dashboard.figures.freshness import DatasetAge, SourceAge
from dashboard.pages.estado import Standing, standing
from dashboard.web.api import ROOT, readable, refuse
from dashboard.web.serving import ServedReleases
from etl.release.state import STATE

#: The columns of the file, the same as those of each dataset in JSON but for its list of sources.
COLUMNS = (
    "conjunto", "titulo", "editor", "corte", "edad_dias", "periodo", "vence", "estado", "filas", "rechazadas", "problemas",
    "advertencias", "de_la_ultima_corrida",
)  # fmt: skip


def router(served: ServedReleases) -> APIRouter:
    """The routes of the state, in JSON and as a table."""
    routes = APIRouter()

    @readable(
        routes,
        f"{ROOT}/estado",
        kinds=["application/json"],
        problems=(400, 503),
        tags=["api"],
        summary="Qué tan al día está cada fuente y cómo terminó la última corrida",
    )
    def state(http: HttpRequest) -> Response:
        """Cada conjunto con su corte, su edad, su periodo (propuesto) y hasta cuándo está al día; las últimas corridas; lo que
        espera ser publicado; los archivos dañados. `corridas` y `espera` son `null` si el ETL no dejó su estado."""
        refuse(query_of(http.query_params.multi_items()), ())
        site = served.current
        return JSONResponse(_told(site.release.id, standing(site)))

    @readable(
        routes,
        f"{ROOT}/estado.csv",
        kinds=["text/csv"],
        problems=(400, 503),
        tags=["api"],
        summary="Lo mismo, una fila por conjunto de datos",
    )
    def table(http: HttpRequest) -> Response:
        refuse(query_of(http.query_params.multi_items()), ())
        now = standing(served.current)
        sink = io.StringIO()
        writer = csv.DictWriter(sink, COLUMNS, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(_dataset(item, now) for item in now.sources)
        return Response(sink.getvalue(), media_type="text/csv; charset=utf-8")

    return routes


def _told(release: str, now: Standing) -> dict[str, Any]:
    return {
        "publicacion": release,
        "hoy": now.today.isoformat(),
        "danados": list(now.damaged),
        "ultima_corrida": now.last,
        "corridas": now.state["corridas"] if now.state else None,
        "espera": now.state["espera"] if now.state else None,
        "aviso": now.unread or (None if now.state else f"no hay {STATE} junto a las publicaciones"),
        "conjuntos": [_dataset(item, now) for item in now.sources],
    }


def _dataset(item: DatasetAge, now: Standing) -> dict[str, Any]:
    source = item.deciding
    return {
        "conjunto": item.dataset["nombre"],
        "titulo": item.dataset["titulo"],
        "editor": source.facts["editor"],
        **_dates(source, now),
        "estado": source.freshness.value,
        "filas": item.rows,
        "rechazadas": item.rejected,
        "problemas": item.problems,
        "advertencias": item.notices,
        "de_la_ultima_corrida": item.of_last_run,
        "fuentes": [
            {"titulo": one.facts["titulo"], "editor": one.facts["editor"], "url": one.facts["url"], **_dates(one, now)}
            for one in item.sources
        ],
    }


def _dates(source: SourceAge, now: Standing) -> dict[str, Any]:
    return {
        "corte": source.cutoff.isoformat(),
        "edad_dias": (now.today - source.cutoff).days,
        "periodo": source.period,
        "vence": source.due.isoformat() if source.due else None,
    }
