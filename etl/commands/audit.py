"""`python -m etl auditar`: the attack on a release as anybody would make it, with nothing but the files it publishes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Annotated

import typer

from etl.commands.output import fail, say
from etl.cubes.audit import audit_releases, wanted_of
from etl.cubes.declared import CUBES
from etl.disclosure.tables import TablesError
from etl.release import Release, ReleaseError
from etl.release.remote import GoneError, RemoteSite, earlier_named

SHOWN = 20
HERE = Path("data/release/current")
#: Earlier releases that are brought from a site: enough for years, and a bound for whoever lists a million of them.
MOST_EARLIER = 40


def auditar(
    publicacion: Annotated[
        Path | None,
        typer.Argument(metavar="[PUBLICACIÓN]", help=f"Carpeta de la publicación. {HERE}, si no se dice otra."),
    ] = None,
    anterior: Annotated[
        list[Path] | None,
        typer.Option("--anterior", help="Carpeta de una publicación anterior. Se puede repetir."),
    ] = None,
    publico: Annotated[
        str | None,
        typer.Option(
            "--publico",
            metavar="DIRECCIÓN",
            help="Ataca lo que sirve un sitio: la dirección de su raíz, o la de una publicación. Trae también las anteriores "
            "que el sitio conserva.",
        ),
    ] = None,
) -> None:
    """Try to work out every confidential cell from all that is published; exit code 1 when one is."""
    start = perf_counter()
    if publico and publicacion:
        fail("diga una carpeta o --publico, no las dos cosas")
    try:
        with _releases(publicacion or HERE, publico, anterior or []) as releases:
            audits = audit_releases(releases, lambda words: say(f"  {words}"))
            cubes = {cube.name for cube in CUBES} & {item["tabla"] for item in releases[0].manifest["archivos"]}
    except (ReleaseError, TablesError) as error:
        fail(f"No se pudo auditar: {error}")
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:  # of a stranger's site, or of another version
        what = f"{type(error).__name__}: {error}"
        fail(f"No se pudo auditar: lo publicado no tiene la forma que este programa conoce ({what})")
    for names, audit in audits:
        say(f"{', '.join(names)}: {audit.hidden:,} celdas confidenciales, {len(audit.exposed):,} deducibles")
        for item in audit.exposed[:SHOWN]:
            how = "exactamente" if item.exactly else f"a menos de {item.threshold} personas"
            say(f"- {' · '.join(item.cell.values()) or 'total'}: se deduce {how}")
    if cubes and not audits:
        fail(f"No se pudo auditar: lo que la publicación da por {', '.join(sorted(cubes))} no son cubos")
    if not audits:
        say("La publicación no tiene cubos con celdas confidenciales.")
    say(f"Auditoría en {perf_counter() - start:.1f} s.")
    if any(audit.exposed for _, audit in audits):
        raise typer.Exit(1)


@contextmanager
def _releases(folder: Path, address: str | None, earlier: Sequence[Path]) -> Iterator[list[Release]]:
    """The release that is attacked, and those that are known besides; what is brought from a site lasts as long as this."""
    with tempfile.TemporaryDirectory(prefix="padron-auditar-") as place:
        found = _brought(address, Path(place)) if address else [Release.open(folder)]
        yield [*found, *(Release.open(path) for path in earlier)]


def _brought(address: str, place: Path) -> list[Release]:
    """The release that an address leads to, and every earlier one of those it names that the site still serves."""
    site = RemoteSite(address, place)
    newest = _current(site)
    name = site.address.release or newest
    assert name is not None  # an address that says no release, of a site that has none, has already failed
    say(f"  Trayendo {name} de {site.address.base}")
    found = {name: site.bring(name, wanted_of)}
    if newest and newest != name:
        found[newest] = site.bring(newest, wanted_of)
    named = [other for other in earlier_named(found[newest or name].manifest) if other not in found]
    gone = []
    for other in named[:MOST_EARLIER]:
        try:
            found[other] = site.bring(other, wanted_of)
        except GoneError:
            gone.append(other)
    if len(found) > 1:
        say(f"  Y las otras publicaciones que sirve: {', '.join([*found][1:])}")
    if gone:
        say(f"  Ya no sirve {', '.join(gone)}")
    if len(named) > MOST_EARLIER:
        say(f"  Nombra {len(named)} anteriores: se traen las {MOST_EARLIER} últimas")
    return [*found.values()]


def _current(site: RemoteSite) -> str | None:
    """The release that is current at the site; None when it does not say and the address names one."""
    try:
        return site.current()
    except GoneError:
        if not site.address.release:
            raise
        return None
