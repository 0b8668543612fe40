"""A private MariaDB server for the tests: its own data in a temporary folder, reached by a socket, never by a port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pymysql

UNPRIVILEGED = "nobody"  # MariaDB refuses to run as root unless it is told to
PATIENCE = 60


@contextmanager
def running_mariadb() -> Iterator[str]:
    """A server that lives while the block does; yields its socket."""
    server = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin")
    assert server, "Falta MariaDB: make test-largo lo instala (apt-get install mariadb-server-core mariadb-client-core)"
    folder = Path(tempfile.mkdtemp(prefix="padron-my-", dir="/tmp"))
    as_root = os.geteuid() == 0
    if as_root:
        folder.chmod(0o755)
        shutil.chown(folder, UNPRIVILEGED, "nogroup")
    own = ["--no-defaults", f"--datadir={folder / 'datos'}", *([f"--user={UNPRIVILEGED}"] if as_root else [])]
    place = folder / "s.sock"
    try:
        install = ["mariadb-install-db", *own, "--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(install, check=True, capture_output=True, cwd=folder)
        options = [f"--socket={place}", "--skip-networking", "--innodb-flush-log-at-trx-commit=0", "--skip-log-bin"]
        with (folder / "servidor.log").open("wb") as log:
            process = subprocess.Popen([server, *own, *options], stdout=log, stderr=log, cwd=folder)
        try:
            _wait(place)
            yield str(place)
        finally:
            process.terminate()
            process.wait(PATIENCE)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: Path) -> None:
    """Until somebody answers at that socket."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with socket.socket(socket.AF_UNIX) as line:
            if line.connect_ex(str(address)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("MariaDB no respondió")


def address(place: str, database: str, scheme: str = "mariadb") -> str:
    """The URL of a database of the server."""
    return f"{scheme}://root@localhost/{database}?unix_socket={place}"


def load(
    place: str, database: str, table: str, frame: pd.DataFrame, types: Mapping[str, str], charset: str = "utf8mb4"
) -> None:
    """Create `table`, with a number as its key, with the rows of `frame`; columns are text unless `types` says."""
    columns = ", ".join(f"`{name}` {types.get(name, 'varchar(80)')}" for name in frame.columns)
    names, places = ", ".join(f"`{name}`" for name in frame.columns), ", ".join(["%s"] * len(frame.columns))
    with pymysql.connect(unix_socket=place, user="root", autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE IF NOT EXISTS {database} CHARACTER SET {charset}")
        cursor.execute(f"USE {database}")
        cursor.execute(f"CREATE TABLE {table} ({columns}, numero int AUTO_INCREMENT PRIMARY KEY)")
        rows = [tuple(None if pd.isna(value) else value for value in row) for row in frame.itertuples(index=False)]
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)
