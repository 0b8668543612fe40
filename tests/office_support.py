"""An office that counts a registry and publishes it, over and over, in a folder of its own: cubes and releases alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from etl.cubes.protect import add_cubes
from etl.pipeline.run import Result
from etl.publish.before import broken
from etl.publish.contents import release_files
from etl.release import Release, publish
from tests.etl_support import etl
from tests.microdata_support import CORTE, ELECCION, count, write_csv


@dataclass(frozen=True)
class Attempt:
    """What came of trying to publish: the release or the problems, and what was said of what is left out."""

    result: Result
    release: Release | None
    left_out: tuple[str, ...]

    @property
    def problems(self) -> str:
        """Each problem in a line."""
        return "\n".join(f"{item.file}: {item.message}" for item in self.result.problems)

    @property
    def published(self) -> Release:
        """The release, which there must be."""
        assert self.release is not None, self.problems
        return self.release

    def moments(self, table: str) -> list[tuple[str, ...]]:
        """The cut-offs, and the elections, of a published table."""
        rows = self.result.tables[table]
        columns = [name for name in ("fecha_corte", "eleccion") if name in rows]
        return sorted(set(rows[columns].astype("str").itertuples(index=False, name=None)))


@dataclass(frozen=True)
class Office:
    """Its private cubes and its releases."""

    folder: Path

    @property
    def cubes(self) -> Path:
        """Where what is counted waits."""
        return self.folder / "cubos"

    @property
    def releases(self) -> Path:
        """Where what is published is."""
        return self.folder / "publicaciones"

    def count(self, people: Sequence[Sequence[str]], *options: str, election: str | None = ELECCION) -> None:
        """Count these people, by the real command."""
        made = count(write_csv(self.folder / "registro.csv", people), self.cubes, *options, election=election)
        assert made.exit_code == 0, made.output

    def recounted_at(self, cutoff: str, of: str = CORTE, *elections: str) -> None:
        """The counts of a cut-off (its registry if no `elections`) once more, as if of another one."""
        for name in elections or ("",):
            old, new = (self.cubes / ".".join(filter(None, (day, name))) for day in (of, cutoff))
            shutil.copytree(old, new)
            report = json.loads((new / "informe.json").read_text(encoding="utf-8"))
            (new / "informe.json").write_text(json.dumps(report | {"corte": cutoff}), encoding="utf-8")

    def publish(self) -> Attempt:
        """Everything that `publish` does with cubes."""
        result, said = Result([]), []
        add_cubes(result, self.cubes, self.releases, tell=said.append)
        result.loose += broken(result, self.releases)
        if result.problems:
            return Attempt(result, None, tuple(said))
        return Attempt(result, publish(*release_files(result), self.releases), tuple(said))

    def correct(self, name: str, *options: str, why: str = "Se contó otro archivo.", who: str = "Informática") -> str:
        """Give the reason of a correction, by the real command; what it says, with its exit code before."""
        given = ("--motivo", why, "--quien", who, "--cubos", self.cubes, "--destino", self.releases, *options)
        done = etl("corregir", name, *given)
        return f"{done.exit_code}: {done.output}"


def copied(office: Office, folder: Path) -> Office:
    """One to go on from."""
    return Office(Path(shutil.copytree(office.folder, folder / "oficina", symlinks=True)))
