"""A private PostgreSQL server for the tests: its own data in a temporary folder, reached by a socket, never by a port."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import psycopg

UNPRIVILEGED = "nobody"  # PostgreSQL refuses to run as root


def programs() -> Path:
    """Where Debian keeps initdb and postgres: the newest version installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    anywhere = shutil.which("postgres")
    assert anywhere, "Falta PostgreSQL: make test lo instala (apt-get install postgresql)"
    return Path(anywhere).resolve().parent


@contextmanager
def running_postgres() -> Iterator[str]:
    """A server that lives while the block does; yields the folder of its socket."""
    folder = Path(tempfile.mkdtemp(prefix="padron-pg-", dir="/tmp"))
    folder.chmod(0o755)
    user: Mapping = {}
    if os.geteuid() == 0:
        user = {"user": UNPRIVILEGED, "group": "nogroup", "extra_groups": []}
        shutil.chown(folder, UNPRIVILEGED, "nogroup")
    data, log = folder / "datos", folder / "servidor.log"
    run = programs()
    try:
        subprocess.run(
            [run / "initdb", "-D", data, "-U", "padron", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N"],
            check=True, capture_output=True, cwd=folder, **user,
        )  # fmt: skip
        options = (
            f"-k {folder} -c listen_addresses='' -c fsync=off -c log_statement=all -c log_min_error_statement=panic"
        )
        command = [run / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "-s"]
        subprocess.run([*command, "start"], check=True, capture_output=True, cwd=folder, **user)
        try:
            yield str(folder)
        finally:
            subprocess.run([*command, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=folder, **user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def address(folder: str, database: str = "postgres") -> str:
    """The URL of a database of the server."""
    return f"postgresql://padron@/{database}?host={folder}"


def load(folder: str, table: str, frame: pd.DataFrame, types: Mapping[str, str]) -> None:
    """Create `table` with the rows of `frame`; columns are text unless `types` says."""
    with psycopg.connect(f"host={folder} user=padron dbname=postgres") as connection:
        columns = ", ".join(f'"{name}" {types.get(name, "text")}' for name in frame.columns)
        connection.execute(f"CREATE TABLE {table} ({columns})")
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in frame.itertuples(index=False, name=None):
                copy.write_row([None if pd.isna(value) else value for value in row])
