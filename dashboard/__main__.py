"""The server: `python -m dashboard --release data/release/current`."""

from __future__ import annotations

import errno
import http.client
import os
import signal
import socket
import sys
import threading
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from dashboard.web.limits import LimitedProtocol
from dashboard.web.named import Misnamed, declared_name
from dashboard.web.observed import COUNTS_VARIABLE, LOG_VARIABLE
from dashboard.web.shelf import Workspace
from dashboard.web.supervised import watched
from dashboard.web.written import IN_JSON
from etl.release.spoken import speak

RELEASE_VARIABLE, PREVIEW_VARIABLE, WORKSPACE_VARIABLE = "PADRON_RELEASE", "PADRON_VISTA_PREVIA", "PADRON_TRABAJO"
RENDERERS_VARIABLE = "PADRON_AYUDANTES"
#: Connections that a process holds at a time, and the seconds that one may stay without asking for anything.
CONNECTIONS, IDLE_SECONDS = 2_048, 15
#: Seconds that whoever is being answered has when the site is told to stop.
GOODBYE_SECONDS = 10
#: Connections that the system keeps until a process takes them: fewer, and those of a rush are tried again a second later.
WAITING_CONNECTIONS = 2_048
OTHER_PORTS = (9000, 9001)
#: Seconds that the site has to answer whoever watches over it.
WATCHED_SECONDS = 5.0
#: Addresses that mean every one of this machine, and where to find what listens on them.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


class Log(StrEnum):
    """What the site writes of its requests: nothing but what fails, or one line of JSON for each."""

    PLAIN = "texto"
    JSON = "json"


Cache = Annotated[
    Path | None,
    typer.Option(
        help="Carpeta para lo que se hace una vez; si falta, la temporal del sistema.", envvar="CACHE_DIRECTORY"
    ),
]
Helpers = Annotated[
    int | None,
    typer.Option(help="Procesos que ayudan a hacer páginas cuando hay quien espera; si falta, por los núcleos.", min=0),
]
Metrics = Annotated[
    int | None,
    typer.Option(help="Puerto local en el que se cuenta cómo va, para Prometheus; 0 toma uno libre.", min=0, max=65535),
]


def application() -> FastAPI:
    """The application of one worker process; where the release is comes from the environment its parent set."""
    from dashboard.app import create_app
    from dashboard.web.garbage import look_for_garbage_less
    from etl.release.preview import read_preview

    differences = os.environ.get(PREVIEW_VARIABLE)
    workspace = os.environ.get(WORKSPACE_VARIABLE)
    made = create_app(
        os.environ[RELEASE_VARIABLE],
        read_preview(Path(differences)) if differences else None,
        Path(workspace) if workspace else None,
        painted_first=True,
        renderers=0 if differences else int(os.environ.get(RENDERERS_VARIABLE, "0")),
    )
    look_for_garbage_less()
    return made


def main(
    release: Annotated[Path, typer.Option(help="Carpeta de la publicación que se sirve.")] = Path(
        "data/release/current"
    ),
    host: Annotated[str, typer.Option(help="Dirección en la que se escucha.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Puerto; 0 toma uno libre.", min=0, max=65535)] = 8050,
    workers: Annotated[int, typer.Option(help="Procesos que atienden a la vez.", min=1)] = 1,
    ayudantes: Helpers = None,
    cache: Cache = None,
    metricas: Metrics = None,
    registro: Annotated[Log, typer.Option(help="Con «json», una línea por petición.")] = Log.PLAIN,
    vista_previa: Annotated[
        Path | None,
        typer.Option(
            "--vista-previa", help="Diferencias con la vigente, que dejó «python -m etl vista-previa».", hidden=True
        ),
    ] = None,
) -> None:
    """Sirve una publicación en http://HOST:PORT."""
    _tell_the_workers(release, vista_previa, registro)
    os.environ[RENDERERS_VARIABLE] = str(renderers_for(workers) if ayudantes is None else ayudantes)
    try:
        declared_name()
        listener = listening(host, port)
        port = listener.getsockname()[1]
    except Misnamed as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None
    except OSError as error:
        print(refusal(error, host, port), file=sys.stderr)
        raise typer.Exit(1) from None
    threading.Thread(target=announce, args=(host, port), daemon=True).start()
    space = Workspace(cache)
    os.environ[WORKSPACE_VARIABLE] = str(space.root)
    try:
        if metricas is not None:
            _count(space.root / "metricas", metricas, EVERYWHERE.get(host, host), port, release)
        if not serve(listener, workers, registro):
            raise typer.Exit(1)
    except KeyboardInterrupt:
        return
    finally:
        space.close()


def renderers_for(workers: int) -> int:
    """How many processes may help each of `workers` to make pages: the cores that fall to it; none when that is only one."""
    cores = len(os.sched_getaffinity(0)) // workers
    return cores if cores > 1 else 0


def _tell_the_workers(release: Path, preview: Path | None, log: Log) -> None:
    os.environ[RELEASE_VARIABLE] = str(release)
    os.environ.pop(COUNTS_VARIABLE, None)
    os.environ.pop(LOG_VARIABLE, None)
    if log is Log.JSON:
        os.environ[LOG_VARIABLE] = log
    if preview:
        os.environ[PREVIEW_VARIABLE] = str(preview)
        threading.Thread(target=end_with_parent, daemon=True).start()
    else:
        os.environ.pop(PREVIEW_VARIABLE, None)


def _count(folder: Path, port: int, host: str, site_port: int, release: Path) -> None:
    """Count from now on, and tell it at `port`; typer.Exit when that port cannot be had."""
    folder.mkdir()
    os.environ[COUNTS_VARIABLE] = str(folder)
    from dashboard.web.counted import ADDRESS, AsItIs, told_at

    try:
        server = told_at(port, folder, AsItIs(host, site_port, release.parent))
    except OSError as error:
        print(refusal(error, "127.0.0.1", port), file=sys.stderr)
        raise typer.Exit(1) from None
    print(f"Métricas: http://127.0.0.1:{server.server_port}{ADDRESS}", flush=True)


def serve(listener: socket.socket, workers: int, log: Log) -> bool:
    """Serve on `listener` until told to stop; False if the one process could not begin."""
    # Dash adds a route for every unknown address when the server starts; ours are complete without it.
    config = uvicorn.Config(
        "dashboard.__main__:application",
        factory=True,
        workers=workers,
        lifespan="off",
        log_level="warning",
        log_config=IN_JSON if log is Log.JSON else uvicorn.config.LOGGING_CONFIG,
        access_log=False,
        loop="dashboard.web.door:Loop",
        http=LimitedProtocol,
        ws="none",
        server_header=False,
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GOODBYE_SECONDS,
        timeout_keep_alive=IDLE_SECONDS,
    )
    if workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return True
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return server.started


def end_with_parent() -> None:
    """End this process when its standard input does: whoever started it holds the other end of that pipe."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`, so that nobody else can; OSError when it cannot be had.

    Whoever connects before the site is ready waits for it.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
    )[0]
    listener = socket.socket(family, kind, protocol)
    try:
        # A port that was closed a moment ago can be taken; one that somebody listens on cannot.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(WAITING_CONNECTIONS)
    except OSError:
        listener.close()
        raise
    return listener


def refusal(error: OSError, host: str, port: int) -> str:
    """Why the site cannot listen there and what to do instead, in one sentence."""
    other = next(number for number in OTHER_PORTS if number != port)
    if error.errno == errno.EADDRINUSE:
        return f"El puerto {port} ya lo usa otro programa: elija otro con «PORT={other} make run» (o --port {other})."
    if error.errno == errno.EACCES:
        return f"El sistema no deja usar el puerto {port}: elija otro con «PORT={other} make run» (o --port {other})."
    return f"{host} no es una dirección de esta máquina: elija otra con «HOST=127.0.0.1 make run» (o --host 127.0.0.1)."


def announce(host: str, port: int) -> None:
    """Say where the site is once it answers there, and then to whoever watches over it that it does."""
    if not answers(host, port, None):
        return  # it ended before it was ready, and says why itself
    shown = f"[{host}]" if ":" in host else host
    print(f"Sitio: http://{shown}:{port}  (Ctrl+C para detenerlo)", flush=True)
    watched(lambda: answers(host, port, WATCHED_SECONDS))


def answers(host: str, port: int, seconds: float | None) -> bool:
    """Whether the site answers, whatever it says, in so many seconds."""
    connection = http.client.HTTPConnection(EVERYWHERE.get(host, host), port, timeout=seconds)
    try:
        connection.request("HEAD", "/salud", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


if __name__ == "__main__":
    speak()
    typer.run(main)
