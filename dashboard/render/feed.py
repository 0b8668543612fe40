"""The releases as an Atom feed (RFC 4287): a reader of feeds tells of each new one, and of each one that is withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from dashboard.figures.releases import Known, Standing
from dashboard.words import plural

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
TITLE = "Padrón Abierto: publicaciones de los datos"
#: The newest ones that the feed has.
MOST = 50


def atom(every: Sequence[Known], base: str, license_url: str | None, newest: str = "") -> bytes:
    """The feed of the releases `every`, the newest first, of the site at `base`; `newest`: what changed in the current one."""
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(_name("feed"), {"xml:lang": "es-GT"})
    shown = every[:MOST]
    _text(feed, "id", _identifier("publicaciones"))
    _text(feed, "title", TITLE)
    _text(feed, "updated", _moment(max((updated(item) for item in shown), default=datetime.now(UTC))))
    _text(ElementTree.SubElement(feed, _name("author")), "name", "Padrón Abierto")
    _link(feed, "self", f"{base}/publicaciones.atom", "application/atom+xml")
    _link(feed, "alternate", f"{base}/publicaciones", "text/html")
    if license_url:
        _link(feed, "license", license_url)
    for item in shown:
        _entry(feed, item, base, newest if item.standing is Standing.CURRENT else "")
    written: bytes = ElementTree.tostring(feed, "utf-8", xml_declaration=True)
    return written


def updated(item: Known) -> datetime:
    """The last moment at which something happened to a release."""
    day = datetime.combine(item.cutoff, datetime.min.time(), UTC)
    return item.withdrawn or item.published or day


def _entry(feed: ElementTree.Element, item: Known, base: str, changed: str) -> None:
    entry = ElementTree.SubElement(feed, _name("entry"))
    _text(entry, "id", _identifier(item.id))
    _text(entry, "title", f"Publicación {item.id}" + ("" if item.opens else f" ({item.standing.value.lower()})"))
    _text(entry, "updated", _moment(updated(item)))
    if item.published:
        _text(entry, "published", _moment(item.published))
    _text(entry, "summary", changed or _summary(item))
    _link(
        entry, "alternate", f"{base}/publicaciones?a={item.id}" if item.opens else f"{base}/publicaciones", "text/html"
    )
    if item.opens:
        _link(entry, "enclosure", f"{base}/descargas/{item.id}/datapackage.json", "application/json")


def _summary(item: Known) -> str:
    if item.standing is Standing.WITHDRAWN:
        return f"Se retiró: {item.motive}"
    if item.held is None:
        return "Sus archivos ya no están en este sitio."
    return f"{plural(item.held.tables, 'tabla', 'tablas')}, {plural(item.held.rows, 'fila', 'filas')}."


def _identifier(name: str) -> str:
    """An identifier that does not depend on where the site is."""
    return uuid5(NAMESPACE_URL, f"padron-abierto/publicaciones/{name}").urn


def _moment(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _name(tag: str) -> str:
    return f"{{{ATOM}}}{tag}"


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, _name(tag)).text = text


def _link(parent: ElementTree.Element, rel: str, href: str, kind: str = "") -> None:
    told = {"rel": rel, "href": href} | ({"type": kind} if kind else {})
    ElementTree.SubElement(parent, _name("link"), told)
