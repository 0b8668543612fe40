"""Writes what the site tells of the ETL: its last runs, what each source gave in them and what waits to be published.

It never decides how a run ends: what cannot be written is said, and nothing more.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from etl.cubes.exact import waiting_jobs
from etl.pipeline import provenance
from etl.pipeline.run import Result
from etl.publish.change import standing
from etl.release import Manifest, ReleaseError
from etl.release.disk import replace_file
from etl.release.state import STATE, DatasetRunFacts, RunFacts, State, WaitingFacts, read_state

KEPT = 50
LOCK, SPARE = ".candado-estado", ".estado-{}.nuevo"
#: An absolute path of this machine, and its last name: the state is public, and where the server keeps things is not.
ABSOLUTE = re.compile(r"(?<![\w./:…])/(?:[^\s/«»'\"]+/)+([^\s/«»'\"]*)")


def write_state(destination: Path, origin: Path, cubes: Path, run: RunFacts | None, result: Result | None) -> None:
    """Add `run` to the state of `destination`, with what it read of each source, and look at what waits. OSError."""
    with _alone(destination):
        try:
            before = read_state(destination)
        except ReleaseError:  # the runs that it told are lost, and the new ones are not
            before = None
        read = _datasets(result) if result else {}
        state: State = {
            "escrito": datetime.now(UTC).isoformat(timespec="seconds"),
            "corridas": [*([_without_paths(run)] if run else []), *(before["corridas"] if before else [])][:KEPT],
            "fuentes": {**(before["fuentes"] if before else {}), **read},
            "espera": waiting(destination, origin, cubes),
        }
        content = (json.dumps(state, ensure_ascii=False, indent=1) + "\n").encode()
        replace_file(destination / STATE, content, destination / SPARE.format(os.getpid()))


@contextmanager
def _alone(destination: Path) -> Iterator[None]:
    """One writer at a time, who removes what a killed one left."""
    with (destination / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in destination.glob(SPARE.format("*")):
            left.unlink(missing_ok=True)
        yield


def _without_paths(run: RunFacts) -> RunFacts:
    """A run as anybody may read it: of the paths of this machine, only the last name."""
    run = run.copy()
    run["veredicto"] = ABSOLUTE.sub(r"…/\1", run["veredicto"])
    run["motivos"] = [ABSOLUTE.sub(r"…/\1", reason) for reason in run["motivos"]]
    return run


def _datasets(result: Result) -> dict[str, DatasetRunFacts]:
    return {
        account.dataset.name: {
            "leidas": account.read,
            "cargadas": account.loaded,
            "rechazadas": sum(account.rejected.values()),
            "problemas": len(account.problems),
        }
        for account in result.accounts
    }


def waiting(destination: Path, origin: Path, cubes: Path) -> list[WaitingFacts]:
    """What is in its place and not in the current release of `destination`, the newest cut-off first."""
    release = standing(destination).release
    published = _published(release.manifest) if release else frozenset()
    found = [*_deliveries(origin, published), *_counts(cubes, published)]
    return sorted(found, key=lambda item: (item["corte"], item["dataset"], item["archivo"]), reverse=True)


def _published(manifest: Manifest) -> frozenset[str]:
    return frozenset(item["sha256"] for item in manifest.get("entradas") or ())


def _deliveries(origin: Path, published: frozenset[str]) -> Iterator[WaitingFacts]:
    for place in sorted(origin.glob(f"*/{provenance.FILE}")):
        document = provenance.read(place.parent)
        if isinstance(document, list):
            continue  # a problem of the run, which says it
        for item in document.archivos:
            if item.sha256 not in published:
                source = document.fuentes.get(item.fuente)
                cutoff = source.corte.isoformat() if source else ""
                yield {"clase": "entrega", "dataset": place.parent.name, "archivo": item.archivo, "corte": cutoff}


def _counts(cubes: Path, published: frozenset[str]) -> Iterator[WaitingFacts]:
    for folder, job in waiting_jobs(cubes):
        if job.input is None or job.input[1] not in published:
            yield {"clase": "cubos", "dataset": "microdatos", "archivo": folder.name, "corte": job.cutoff.isoformat()}
