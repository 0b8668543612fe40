"""What the site counts of itself, for Prometheus: the workers write it in a folder that they share, and the process that
started them tells it on a local port of its own.
"""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import lru_cache
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, MetricsHandler
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from dashboard.web.observed import Seen
from etl.country import COUNTRY
from etl.release import Release, ReleaseError

ADDRESS = "/metricas"
#: Seconds of an answer.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
#: Seconds that the site has to say how it is when it is asked for what it counts.
PATIENCE = 2.0
STATES = ("bien", "degradado", "sin publicación", "no contesta")


class Counts:
    """What one process counts. The labels are few and fixed: nothing that a visitor writes makes a new one."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        registry = CollectorRegistry()
        self._waiting = waiting
        self._requests = Counter(
            "padron_peticiones", "Peticiones, por clase de dirección y estado", ["clase", "estado"], registry=registry
        )
        self._answers = Counter(
            "padron_respuestas", "De dónde salió la respuesta; «rechazada»: no había lugar", ["como"], registry=registry
        )
        self._seconds = Histogram(
            "padron_respuesta_segundos", "Lo que tardó", ["clase"], buckets=BUCKETS, registry=registry
        )
        self._bytes = Counter("padron_enviados_bytes", "Bytes de las respuestas", registry=registry)
        self._queue = Gauge(
            "padron_en_espera", "Peticiones que esperan lugar", multiprocess_mode="livesum", registry=registry
        )
        # A child of each metric costs more to find than to count in.
        self._found = lru_cache(256)(self._children)

    def count(self, seen: Seen) -> None:
        """Count one request that ended."""
        requests, seconds, answers = self._found(seen.kind, seen.status // 100, seen.how)
        requests.inc()
        seconds.observe(seen.seconds)
        answers.inc()
        self._bytes.inc(seen.size)
        self._queue.set(self._waiting())

    def _children(self, kind: str, hundreds: int, how: str) -> tuple[Counter, Histogram, Counter]:
        return (
            self._requests.labels(kind, f"{hundreds}xx"),
            self._seconds.labels(kind),
            self._answers.labels(how),
        )


class AsItIs(Collector):
    """How the site that answers at `host` and `port` is when somebody asks: its release, its health, the age of its sources."""

    def __init__(self, host: str, port: int, releases: Path) -> None:
        self._host, self._port = host, port
        self._ages = lru_cache(2)(lambda release_id: sources(releases / release_id))

    def collect(self) -> Iterator[Metric]:
        told = self._asked()
        state, release_id = told.get("estado", STATES[-1]), told.get("publicacion", "")
        health = GaugeMetricFamily("padron_salud", "1 en el estado en que está el sitio", labels=["estado"])
        for one in STATES:
            health.add_metric([one], float(one == state))
        yield health
        damaged = GaugeMetricFamily("padron_archivos_danados", "Archivos de la publicación que se dañaron")
        damaged.add_metric([], float(len(told.get("danados", ()))))
        yield damaged
        served = GaugeMetricFamily("padron_publicacion_info", "La publicación que se sirve", labels=["publicacion"])
        ages = GaugeMetricFamily("padron_fuente_edad_dias", "Días desde su corte", labels=["conjunto", "fuente"])
        if release_id:
            served.add_metric([release_id], 1.0)
            today = COUNTRY.today()
            with suppress(ReleaseError, KeyError, ValueError):
                for (dataset, source), cutoff in self._ages(release_id).items():
                    ages.add_metric([dataset, source], float((today - cutoff).days))
        yield served
        yield ages

    def _asked(self) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        try:
            connection.request("GET", "/salud", headers={"Host": "localhost"})
            told = json.loads(connection.getresponse().read())
            return told if isinstance(told, dict) else {}
        except (OSError, http.client.HTTPException, ValueError):
            return {}
        finally:
            connection.close()


def sources(release: Path) -> dict[tuple[str, str], date]:
    """The cut-off of each source of a release, by its dataset and its title; of two with one title, the newest."""
    found: dict[tuple[str, str], date] = {}
    for entry in Release.open(release, whole=False).manifest["datasets"]:
        for source in entry["fuentes"]:
            key = entry["nombre"], source["titulo"]
            found[key] = max(found.get(key, date.min), date.fromisoformat(source["corte"]))
    return found


def told_at(port: int, folder: Path, site: AsItIs) -> ThreadingHTTPServer:
    """A server of this machine alone that tells, at `ADDRESS`, what the processes that share `folder` count; OSError when the
    port cannot be had.
    """
    registry = CollectorRegistry()
    MultiProcessCollector(registry, str(folder))
    registry.register(site)

    class Told(MetricsHandler):
        def do_GET(self) -> None:
            if urlsplit(self.path).path != ADDRESS:
                self.send_error(404)
                return
            _forget_the_dead(folder)
            super().do_GET()

    Told.registry = registry
    server = ThreadingHTTPServer(("127.0.0.1", port), Told)
    threading.Thread(target=server.serve_forever, name="metricas", daemon=True).start()
    return server


def _forget_the_dead(folder: Path) -> None:
    """Forget how many waited in processes that are no more; what they counted stays."""
    for path in folder.glob("gauge_live*.db"):
        try:
            os.kill(int(path.stem.rpartition("_")[2]), 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except (ValueError, PermissionError):
            continue
