"""Promise: the history says who published what, when and from which files, in SQLite or in PostgreSQL, with migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool, create_engine, text

from etl.publish.history import FILE, Action, History, HistoryError, Outcome
from etl.publish.history.store import MIGRATIONS
from etl.publish.history.tables import HEAD, metadata
from tests.postgres_support import address, running_postgres

MANIFEST = {
    "version_codigo": "0.1.0",
    "entradas": [{"dataset": "padron", "archivo": "libro.xlsx", "sha256": "ab" * 32, "filas": 340}],
    "archivos": [{"tabla": "padron_edad", "filas": 7480}, {"tabla": None, "filas": None}],
    "advertencias": [{"dataset": "padron", "mensaje": "Se traslapan.", "territorios": []}],
}
OLD, NEW, NEWER = "2026-07-12-aaaaaaaa", "2026-09-30-bbbbbbbb", "2026-10-31-cccccccc"


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    """A PostgreSQL server."""
    with running_postgres() as folder:
        yield folder


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / FILE}"
        return
    server = create_engine(
        address(request.getfixturevalue("postgres")), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    name = f"historial_{os.urandom(4).hex()}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield address(request.getfixturevalue("postgres"), name)


def publish(history: History, release: str, previous: str | None, action: Action = Action.PUBLISH) -> None:
    """One operation, begun and done."""
    history.close(history.begin(action, release, previous, MANIFEST, False), Outcome.DONE)


def test_everything_is_told_back(url: str, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    history = History(tmp_path, url)
    history.close(history.begin(Action.PUBLISH, NEW, OLD, MANIFEST, True), Outcome.DONE)
    (entry,) = History(tmp_path, url).entries()
    assert (entry.action, entry.state, entry.release, entry.previous) == (Action.PUBLISH, Outcome.DONE, NEW, OLD)
    assert (entry.code_version, entry.accepted) == ("0.1.0", True)
    assert entry.inputs == (("padron", "libro.xlsx", "ab" * 32, 340),)
    assert entry.rows == {"padron_edad": 7480}
    assert entry.warnings == ("padron: Se traslapan.",)
    assert before <= entry.when <= datetime.now(UTC)
    assert entry.who and entry.machine


def test_the_newest_comes_first_and_the_previous_is_the_one_that_was_current(url: str, tmp_path: Path) -> None:
    history = History(tmp_path, url)
    publish(history, OLD, None, Action.BUILD)
    publish(history, NEW, OLD)
    publish(history, NEWER, NEW)
    publish(history, NEW, NEWER, Action.ROLLBACK)
    assert [entry.release for entry in history.entries()] == [NEW, NEWER, NEW, OLD]
    assert [entry.action for entry in history.entries(1)] == [Action.ROLLBACK]
    assert [history.before(release) for release in (NEWER, NEW, OLD)] == [NEW, OLD, None]  # never forward again


def test_what_a_killed_process_left_open_is_settled_by_what_is_current(url: str, tmp_path: Path) -> None:
    history = History(tmp_path, url)
    history.begin(Action.PUBLISH, OLD, None, MANIFEST, False)
    history.begin(Action.PUBLISH, NEW, OLD, MANIFEST, False)
    assert history.settle(OLD) == [NEW]
    assert [entry.state for entry in history.entries()] == [Outcome.INTERRUPTED, Outcome.DONE]
    assert history.settle(OLD) == []


def test_each_folder_of_releases_has_its_own_history_in_a_shared_database(url: str, tmp_path: Path) -> None:
    for name in ("uno", "otro"):
        (tmp_path / name).mkdir()
    one, other = History(tmp_path / "uno", url), History(tmp_path / "otro", url)
    one.begin(Action.PUBLISH, NEW, OLD, MANIFEST, False)
    assert other.entries() == [] and other.settle(None) == []
    assert [entry.state for entry in one.entries()] == [Outcome.IN_PROGRESS]


@pytest.mark.parametrize("shared", [False, True], ids=["its own", "shared"])
def test_a_folder_that_is_moved_keeps_its_history(tmp_path: Path, shared: bool) -> None:
    url = f"sqlite:///{tmp_path / 'comun.sqlite'}" if shared else None
    old, new = tmp_path / "antes", tmp_path / "despues"
    old.mkdir()
    publish(History(old, url), OLD, None)
    History(old, url).begin(Action.PUBLISH, NEW, OLD, MANIFEST, False)
    old.rename(new)
    moved = History(new, url)
    assert moved.settle(OLD) == [NEW]
    publish(moved, NEWER, OLD)
    assert [entry.release for entry in moved.entries()] == [NEWER, NEW, OLD]
    assert moved.before(NEWER) == OLD


def test_a_history_written_when_folders_were_told_by_their_path_is_kept(tmp_path: Path) -> None:
    old, new = tmp_path / "antes", tmp_path / "despues"
    old.mkdir()
    publish(History(old), OLD, None)
    with create_engine(f"sqlite:///{old / FILE}", poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE operaciones SET destino = :path"), {"path": str(old)})
    (old / ".identidad").unlink()
    old.rename(new)
    assert [entry.release for entry in History(new).entries()] == [OLD]


def test_postgres_is_another_way_to_write_postgresql(postgres: str, tmp_path: Path) -> None:
    written = address(postgres).replace("postgresql://", "postgres://")
    publish(History(tmp_path, written), NEW, OLD)
    assert [entry.release for entry in History(tmp_path, address(postgres)).entries()] == [NEW]


def test_migrations_make_exactly_the_declared_tables(url: str, tmp_path: Path) -> None:
    History(tmp_path, url)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_opening_a_history_again_keeps_its_rows(url: str, tmp_path: Path) -> None:
    publish(History(tmp_path, url), NEW, OLD)
    assert [entry.release for entry in History(tmp_path, url).entries()] == [NEW]


def test_a_history_of_a_newer_program_is_left_alone(url: str, tmp_path: Path) -> None:
    publish(History(tmp_path, url), NEW, OLD)
    with create_engine(url, poolclass=NullPool).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(HistoryError, match="una versión más nueva"):
        History(tmp_path, url)


def test_the_last_migration_is_the_declared_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ("nada://aqui", "la dirección del historial no sirve"),
        ("sin forma", "la dirección del historial no sirve"),
        ("sqlite:////nada/de/nada/historial.sqlite", "no se puede usar el historial"),
        ("postgresql://padron:secreto@127.0.0.1:1/nada", "no se puede usar el historial"),
    ],
)
def test_a_history_that_cannot_be_used_is_explained_without_its_password(bad: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(HistoryError, match=words) as caught:
        History(tmp_path, bad)
    assert "secreto" not in str(caught.value)


def test_a_damaged_file_is_explained(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"esto no es SQLite" * 100)
    with pytest.raises(HistoryError, match="el historial no respondió"):
        History(tmp_path)
