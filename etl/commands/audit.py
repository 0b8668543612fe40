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
from etl.cubes import between as moments
from etl.cubes.audit import attack_further, audit_releases, wanted_of
from etl.cubes.between import Between
from etl.cubes.declared import CUBES
from etl.cubes.public import cubes_of
from etl.disclosure.attackers import Further
from etl.disclosure.audit import Exposed
from etl.disclosure.tables import TablesError
from etl.release import Release, ReleaseError
from etl.release.remote import GoneError, RemoteSite, earlier_named

SHOWN, FEW_SHOWN = 20, 5
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
            found = attack_further(audits, lambda words: say(f"  {words}"))
            pairs = moments.between([(release.id, cubes_of(release)) for release in releases])
            cubes = {cube.name for cube in CUBES} & {item["tabla"] for item in releases[0].manifest["archivos"]}
    except (ReleaseError, TablesError) as error:
        fail(f"No se pudo auditar: {error}")
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:  # of a stranger's site, or of another version
        what = f"{type(error).__name__}: {error}"
        fail(f"No se pudo auditar: lo publicado no tiene la forma que este programa conoce ({what})")
    if cubes and not audits:
        fail(f"No se pudo auditar: lo que la publicación da por {', '.join(sorted(cubes))} no son cubos")
    for (names, audit), more in zip(audits, found, strict=True):
        say(f"{', '.join(names)}: {audit.hidden:,} celdas confidenciales, {len(audit.exposed):,} deducibles")
        _say_exposed(audit.exposed)
        _say_further(more, audit.hidden)
    for pair in pairs:
        _say_between(pair)
    if not audits:
        say("La publicación no tiene cubos con celdas confidenciales.")
    say(f"Auditoría en {perf_counter() - start:.1f} s.")
    exposed = any(audit.exposed for _, audit in audits) or any(more.exposed for more in found)
    if exposed or any(pair.sensitive for pair in pairs):
        raise typer.Exit(1)


def _say_exposed(exposed: Sequence[Exposed], by: str = "") -> None:
    for item in exposed[:SHOWN]:
        how = "exactamente" if item.exactly else f"a menos de {item.threshold} personas"
        say(f"- {' · '.join(item.cell.values()) or 'total'}: se deduce {how}{by}")


def _say_further(more: Further, hidden: int) -> None:
    """What the attackers who do more than linear programming found in one system."""
    whole, alone, pattern, groups = more.integers, more.alone, more.pattern, more.homogeneous
    if whole.asked:
        better = f"{whole.tighter:,} mejor acotadas que sin ello, {len(whole.exposed):,} deducibles"
        say(f"  con que son enteros: de las {whole.asked:,} celdas más estrechas de {hidden:,}, {better}")
        _say_exposed(whole.exposed, ", con enteros")
    if pattern.below or pattern.likely:
        sure = f"{pattern.below:,} celdas menores que su umbral, {len(pattern.exposed):,} deducibles"
        say(f"  por la regla con que se oculta: {sure}; en {pattern.likely:,} sumas solo una puede serlo")
        _say_exposed(pattern.exposed, ", por la regla")
    if alone.asked:
        say(
            f"  quien sabe que está sola en una celda: de {alone.asked:,} preguntadas, acota {len(alone.exposed):,} más"
        )
        _say_exposed(alone.exposed, ", por quien está sola en otra")
    if groups.groups:
        say(
            f"  grupos con todas sus personas de un solo pueblo o comunidad: {groups.groups:,}, de {groups.people:,} personas"
        )


def _say_between(pair: Between) -> None:
    """What two cut-offs tell together, and the first cells of it."""
    say(
        f"{pair}: de {pair.common:,} celdas con las dos cifras, {len(pair.sensitive):,} con pueblo, comunidad o voto cambian en "
        f"menos personas que su umbral; de los demás cruces, {pair.plain:,}"
    )
    for item in pair.sensitive[:FEW_SHOWN]:
        (came, _), (left, _) = item.arrived, item.left
        least = f"llegaron al menos {came}" if came else f"se fueron al menos {left}"
        say(f"- {' · '.join(item.cell.values())}: {item.measure}, de {item.before:,} a {item.after:,}: {least}")


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
    told = earlier_named(found[newest or name].manifest)
    named, gone = [other for other in told if other not in found], []
    for other in named[:MOST_EARLIER]:
        try:
            found[other] = site.bring(other, wanted_of, told[other])
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
