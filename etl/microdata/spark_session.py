"""A session of Apache Spark: with the master of a cluster, or with a Spark Connect server, within a time.

No message here repeats what Spark says: its errors quote values. Nor does its Java, which writes to nowhere.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit

from etl.microdata.errors import MicrodataError
from etl.pipeline.drivers import PIP

MASTER, CONNECT = "spark://", "spark+connect://"
PORTS = {MASTER: 7077, CONNECT: 15002}
INSTALL = f"{PIP} -e '.[spark]'"
MISSING = f"falta el paquete de Apache Spark: instale el extra «spark» con «{INSTALL}»"
JAVA = "apt-get install default-jre-headless"
#: Seconds to reach a machine, and to have the first answer of a cluster.
REACH, PATIENCE = 5, 120
#: Where the workers find this machine, unless whoever runs it says another.
LOCAL, LOOPBACK = "SPARK_LOCAL_IP", "127.0.0.1"
NOT_UNDERSTOOD = (
    "la dirección de Spark no se entiende: es spark://servidor:7077, o spark+connect://servidor:15002, que puede llevar "
    "sus parámetros detrás (/;use_ssl=true;token=…)"
)
#: How this job wants its application; the rest is of whoever runs the cluster (SPARK_CONF_DIR).
SETTINGS = {
    "spark.app.name": "padron",
    "spark.ui.enabled": "false",  # a page of this machine that shows the statement to whoever asks
    "spark.io.encryption.enabled": "true",  # what the workers write to their disks while they count
    "spark.log.level": "OFF",
}
#: How it wants the SQL of its session, whatever the cluster has.
WORDS = {
    "spark.sql.ansi.enabled": "true",
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.ansi.doubleQuotedIdentifiers": "false",
}
#: Parts in which the groups are added up, if the cluster does not do many things at once: each costs more than its people.
FEWEST = 4
T = TypeVar("T")


def is_spark(source: str) -> bool:
    """Whether a source is the address of a Spark."""
    return source.startswith((MASTER, CONNECT))


@contextmanager
def session(source: str) -> Iterator[Any]:
    """A SparkSession that has already answered; MicrodataError says why there is none."""
    kind = CONNECT if source.startswith(CONNECT) else MASTER
    places, more = _places(source.removeprefix(kind), kind)
    try:
        import pyspark
        import sqlglot  # noqa: F401 — said now, and not when the cluster has begun
    except ImportError:
        raise MicrodataError(MISSING) from None
    opening = _with_master if kind == MASTER else _with_server
    here = _reached(places)
    # pandera says that this machine is only for itself: no worker of another would find it.
    if os.environ.get(LOCAL, LOOPBACK) == LOOPBACK:
        os.environ[LOCAL] = here
    _silent()
    with (
        _without_its_advice(),
        explained(),
        opening(places, more, pyspark.__version__) as spark,
        explained(),  # again, before the Java that knows what an error says is ended
    ):
        yield spark


def _places(address: str, kind: str) -> tuple[list[tuple[str, int]], str]:
    """The machines that an address names, and what comes after them."""
    machines, mark, more = address.partition("/")
    if "@" in machines:
        raise MicrodataError("la dirección de Spark no lleva usuario ni clave; en spark+connect:// se da token=…")
    several = machines.split(",") if kind == MASTER else [machines]
    places = []
    for one in several:
        try:
            parts = urlsplit(f"//{one}")
            places.append((parts.hostname or "", parts.port or PORTS[kind]))
        except ValueError:
            raise MicrodataError(NOT_UNDERSTOOD) from None
    understood = all(host and re.fullmatch(r"[\w.:-]+", host) for host, _ in places)
    if not understood or (kind == MASTER and more) or (more and not more.startswith(";")):
        raise MicrodataError(NOT_UNDERSTOOD)
    return places, mark + more


def _reached(places: Sequence[tuple[str, int]]) -> str:
    """The address of this machine from which somebody answers at one of the places: Spark would go on trying for minutes."""
    for place in places:
        with suppress(OSError), socket.create_connection(place, timeout=REACH) as line:
            return str(line.getsockname()[0])
    raise MicrodataError("no se puede conectar con Spark: nadie responde en esa dirección; revísela, y la red")


@contextmanager
def _without_its_advice() -> Iterator[None]:
    """It says that a newer pandas may not be understood, and that a setting is old: neither matters to what is asked here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The SQL config", UserWarning)
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield


def _silent() -> None:
    """Its Python writes every error, with the values that it quotes."""
    from pyspark.logger import PySparkLogger

    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger", "pyspark.sql.connect.logging"):
        PySparkLogger.getLogger(name).disabled = True


def _written(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


# --- The master of a cluster ------------------------------------------------------------------------------------------


def _java() -> None:
    """There is a Java here: the program that shares out the work runs in this machine."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home, "bin"))) if home else shutil.which("java")
    if not found:
        raise MicrodataError(
            f"para hablar con spark:// hace falta Java 17 o posterior en este equipo ({JAVA}); spark+connect:// no lo pide"
        )


@contextmanager
def _with_master(places: Sequence[tuple[str, int]], more: str, version: str) -> Iterator[Any]:
    from pyspark import SparkConf, SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    _java()
    settings = SparkConf(loadDefaults=False).setAll(list(SETTINGS.items()))
    settings.setMaster(MASTER + ",".join(_written(*place) for place in places))
    nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    gateway = launch_gateway(settings, nowhere)
    context: list[Any] = []

    def start() -> Any:
        context.append(SparkContext(conf=settings, gateway=gateway))
        return _ready(SparkSession(context[0]))

    try:
        yield _within(PATIENCE, start, f"o no es de la misma versión de Spark que este equipo ({version})")
    finally:
        _goodbye(lambda: [one.stop() for one in context])
        gateway.proc.kill()  # the Java of this machine, which is ours alone
        with gateway.proc:
            pass
        SparkContext._gateway = SparkContext._jvm = SparkContext._active_spark_context = None


# --- A Spark Connect server -------------------------------------------------------------------------------------------


@contextmanager
def _with_server(places: Sequence[tuple[str, int]], more: str, version: str) -> Iterator[Any]:
    try:
        from pyspark.sql.connect.client import DefaultChannelBuilder
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession
    except ImportError:
        raise MicrodataError(MISSING) from None
    address = f"sc://{_written(*places[0])}{more}"
    try:
        channel = DefaultChannelBuilder(address, [("grpc.enable_http_proxy", 0)])
        spark = SparkSession.builder.channelBuilder(channel).create()
    except ValueError:
        raise MicrodataError(NOT_UNDERSTOOD) from None
    spark.client.set_retry_policies([DefaultPolicy(max_retries=5, max_backoff=2000)])
    try:
        yield _within(PATIENCE, lambda: _ready(spark), "o pide use_ssl=true o un token")
    finally:
        _goodbye(spark.stop)


# --- Both -------------------------------------------------------------------------------------------------------------


def _ready(spark: Any) -> Any:
    """The session once its workers have done something for it, and said how many things they do at once."""
    for name, value in WORDS.items():
        spark.conf.set(name, value)
    places = spark.range(100_000).selectExpr("spark_partition_id() AS place")
    ((last,),) = places.selectExpr("max(place)").collect()
    spark.conf.set("spark.sql.shuffle.partitions", max(FEWEST, 2 * (last + 1)))
    return spark


def _within(seconds: float, action: Callable[[], T], maybe: str) -> T:
    """What `action` gives, if it does so in time; what it was doing is left behind."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with explained():
                done.append(action())
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    if not done:
        raise MicrodataError(f"Spark no respondió en {seconds} s: no tiene trabajadores libres, {maybe}")
    return done[0]


def _goodbye(action: Callable[[], object]) -> None:
    """Tell Spark that this is all: whoever does not answer is not waited for."""

    def run() -> None:
        with suppress(Exception):
            action()

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(REACH)


#: What is wrong, by the condition that Spark gives it or, of others, by the beginning of its SQLSTATE.
CONDITIONS = {
    "PATH_NOT_FOUND": "Spark no encuentra esa carpeta",
    "MALFORMED_RECORD_IN_PARSING": "hay una fila que no tiene tantas celdas como el encabezado, o está mal escrita",
    "TABLE_OR_VIEW_NOT_FOUND": "la consulta nombra una tabla que Spark no tiene",
    "JAVA_GATEWAY_EXITED": "el Java de este equipo no pudo abrir Spark: hace falta Java 17 o posterior",
    "RETRIES_EXCEEDED": "se perdió la conexión con Spark, o pide use_ssl=true o un token",
}
STATES = {
    "42": "la consulta no es válida en Spark, o falta permiso",
    "28": "Spark no acepta las credenciales, o falta permiso",
    "22": "una columna tiene valores que no son de su tipo",
    "53": "a Spark le faltan recursos",
}
#: The condition of an error whose reason, perhaps one of those, is only among its causes.
FILE_NOT_READ = "FAILED_READ_FILE"
NOT_READ = "Spark no pudo leer la tabla o los archivos, o están dañados"


@contextmanager
def explained() -> Iterator[None]:
    """What Spark says goes wrong is a MicrodataError, by its kind."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    kinds: tuple[type[Exception], ...] = (PySparkException, Py4JError, ConnectionError, *_of_connect())
    try:
        yield
    except kinds as error:
        raise MicrodataError(_in_words(error)) from None


def _of_connect() -> tuple[type[Exception], ...]:
    try:
        from grpc import RpcError
    except ImportError:
        return ()
    return (RpcError,)


def _causes(error: Exception) -> str:
    """All that Spark tells of an error, to be looked at and never shown: values of the records too."""
    return f"{error}\n{getattr(error, 'getStackTrace', lambda: None)() or ''}"


def _in_words(error: Exception) -> str:
    """What failed, by its kind."""
    condition = getattr(error, "getCondition", lambda: None)() or ""
    state = getattr(error, "getSqlState", lambda: None)() or ""
    causes = _causes(error) if not condition or condition.startswith(FILE_NOT_READ) else ""
    for known, words in CONDITIONS.items():
        if condition.startswith(known) or f"[{known}" in causes:
            return words
    words = STATES.get(state[:2], NOT_READ if condition else "se perdió la conexión con Spark, o no pudo terminar")
    return f"{words} ({condition or type(error).__name__})"
