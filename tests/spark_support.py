"""A private Spark cluster for the tests: a master, two workers and a Spark Connect server, as processes of this machine."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

PATIENCE = 240
#: Apart from the other packages: `pandera` loads whatever Spark it finds, in every command.
PACKAGES = Path(sys.prefix) / "spark"
ROOM = "640m"  # of each program that counts: as little as Spark takes
SERVER = "org.apache.spark.sql.connect.service.SparkConnectServer"


def why_not() -> str | None:
    """Why no cluster can run here; None when it can."""
    if shutil.which("java") is None:
        return "falta Java: make test-largo lo instala (apt-get install default-jre-headless)"
    if find_spec("pyspark") is None and not PACKAGES.is_dir():
        return "falta el extra «spark»: make test-largo lo instala (requirements-spark.lock)"
    return None


def spark_home() -> Path:
    """Where pyspark keeps its Java."""
    found = find_spec("pyspark")
    assert found and found.origin
    return Path(found.origin).parent


@dataclass
class Cluster:
    """A cluster that is running: the addresses of its master and of its server, and the folder of what it leaves."""

    folder: Path
    master: str = ""
    connect: str = ""
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], said: str) -> str:
        """Start one of its programs; what its log says in the place of `said`."""
        log = self.folder / f"{name}.log"
        environment = os.environ | {
            "SPARK_HOME": str(spark_home()), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_DAEMON_MEMORY": "1g",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false", "SPARK_CONF_DIR": str(self.folder / "conf"),
        }  # fmt: skip
        with log.open("wb") as file:
            process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=file, stderr=file)
        self.processes.append(process)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            if found := re.search(said, log.read_text(errors="replace")):
                return found[0]
            time.sleep(0.3)
        raise AssertionError(f"{name} no respondió:\n{log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """End its programs, the last first."""
        for process in reversed(self.processes):
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()
            process.wait()


@contextmanager
def packages() -> Iterator[None]:
    """Those of Spark can be imported while the block lasts."""
    sys.path.append(str(PACKAGES))
    try:
        yield
    finally:
        sys.path.remove(str(PACKAGES))


@contextmanager
def running_cluster() -> Iterator[Cluster]:
    """A cluster that lives while the block does."""
    cluster = Cluster(Path(tempfile.mkdtemp(prefix="padron-spark-")))
    home = spark_home()
    (cluster.folder / "conf").mkdir()
    (cluster.folder / "conf" / "spark-defaults.conf").write_text(
        f"spark.executor.memory {ROOM}\nspark.cores.max 2\nspark.sql.warehouse.dir {cluster.folder / 'tablas'}\n"
        "spark.ui.enabled false\nspark.driver.bindAddress 127.0.0.1\nspark.driver.host 127.0.0.1\n"
    )
    run = str(home / "bin" / "spark-class")
    try:
        options = ["--host", "127.0.0.1", "--port", "0", "--webui-port", "0"]
        master = [run, "org.apache.spark.deploy.master.Master", *options]
        cluster.master = cluster.start("maestro", master, r"spark://127\.0\.0\.1:\d+")
        room = ["--cores", "2", "--memory", "2g", "--work-dir", str(cluster.folder / "trabajo")]
        worker = [run, "org.apache.spark.deploy.worker.Worker", *options, *room, cluster.master]
        for number in (1, 2):
            cluster.start(f"trabajador-{number}", worker, "Successfully registered with master")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"spark.connect.grpc.binding.address": "127.0.0.1", "spark.connect.grpc.binding.port": port}
        told = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        server = [str(home / "bin" / "spark-submit"), "--master", cluster.master, *told, "--class", SERVER]
        cluster.start("servidor", [*server, "spark-internal"], "Spark Connect server started")
        cluster.connect = f"spark+connect://127.0.0.1:{port}"
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder, ignore_errors=True)


class Relay:
    """A door before a server that writes down all that the server says: `address` is where it is."""

    def __init__(self, port: int):
        self.port, self.said = port, bytearray()
        self.lines: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self.door.accept()
                server = socket.create_connection(("127.0.0.1", self.port))
                self.lines += [guest, server]
                threading.Thread(target=self._carry, args=(guest, server, None), daemon=True).start()
                threading.Thread(target=self._carry, args=(server, guest, self.said), daemon=True).start()

    @staticmethod
    def _carry(one: socket.socket, other: socket.socket, said: bytearray | None) -> None:
        with suppress(OSError):
            while block := one.recv(1 << 16):
                if said is not None:
                    said += block
                other.sendall(block)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Nobody comes in any more."""
        for line in (self.door, *self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            line.close()
