"""The registry counted by a Spark cluster of this machine, a master and two workers, beside DuckDB, in the same run."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from bench.figures import Figure
from bench.microdata import DAY
from bench.registry import counted, invented
from bench.size import Size

#: Where `make spark` leaves the packages of Spark.
PACKAGES = Path(sys.prefix) / "spark"
CORES, WORKER_MEMORY, EXECUTOR_MEMORY = 1, "3g", "2g"
PATIENCE = 120


def measure(size: Size) -> list[Figure]:
    """Seconds of each for a tenth of the records and for all of them, from the same file, and how many cells differ."""
    figures = []
    with _cluster(size.folder) as master:
        for people in ((size.people or 10_000_000) // 10, size.people or 10_000_000):
            registry = invented(size, people)
            ours = size.folder / "cubos-duckdb"
            alone = counted(size, registry.path, DAY, ours).seconds
            theirs = size.folder / "cubos-spark"
            shared = counted(size, master, DAY, theirs, f"parquet.`{registry.path}`").seconds
            differ = len(set(_cubes(ours).items()) ^ set(_cubes(theirs).items()))
            title = f"microdatos: {registry.people:,} registros en un clúster de Spark de esta máquina"
            figures += [
                Figure(title, shared, "s", None, "DuckDB en este proceso", alone),
                Figure(f"cubos de {registry.people:,} registros que no son idénticos", differ, "archivos", 0),
            ]
    return figures


def _cubes(folder: Path) -> dict[str, str]:
    """The SHA-256 of every cube under a folder."""
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*.parquet")}


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """The address of a master with two workers; for whoever counts in the meantime, the packages of Spark too."""
    home, logs = PACKAGES / "pyspark", folder / "spark"
    (logs / "conf").mkdir(parents=True)
    (logs / "conf" / "spark-defaults.conf").write_text(f"spark.executor.memory {EXECUTOR_MEMORY}\n", encoding="utf-8")
    before = dict(os.environ)
    os.environ |= {
        "PYTHONPATH": str(PACKAGES),
        "SPARK_CONF_DIR": str(logs / "conf"),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_HOME": str(home),
        "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
    }
    run, place = str(home / "bin" / "spark-class"), ["--host", "127.0.0.1", "--webui-port", "0"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    master = f"spark://127.0.0.1:{port}"
    room = ["--cores", str(CORES), "--memory", WORKER_MEMORY, "--work-dir", str(logs / "trabajo")]
    started: list[subprocess.Popen[bytes]] = []
    try:
        command = [run, "org.apache.spark.deploy.master.Master", *place, "--port", port]
        started.append(_started(command, logs / "maestro.log", "elected leader"))
        command = [run, "org.apache.spark.deploy.worker.Worker", *place, *room, master]
        for number in (1, 2):
            started.append(_started(command, logs / f"trabajador-{number}.log", "Successfully registered with master"))
        yield master
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()
        os.environ.clear()
        os.environ |= before


def _started(command: list[str], log: Path, said: str) -> subprocess.Popen[bytes]:
    """A process that has already said that it is ready; RuntimeError with what it said when it does not."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if re.search(said, log.read_text(errors="replace")):
            return process
        time.sleep(0.2)
    process.kill()
    process.wait()
    raise RuntimeError(log.read_text(errors="replace"))
