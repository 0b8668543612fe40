"""A release that a site serves, brought to a folder of this machine by its address and nothing else.

Whoever answers at an address may be anybody: how much is read, for how long and what a file may be called are bounded here,
and nothing is believed that its SHA-256 does not say. The hash of a release's two catalogues is in its own name.
"""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import re
import socket
import ssl
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pyarrow as pa
import pyarrow.parquet as pq

from etl.release.disk import reason
from etl.release.facts import Manifest
from etl.release.names import DATAPACKAGE, MANIFEST, NAME, ReleaseError, is_named_for
from etl.release.opened import Release

#: Bytes of a catalogue, of a file and of everything that is brought from a site; of a table once it is in memory.
MOST_OF_A_CATALOGUE, MOST_OF_A_FILE, MOST, MOST_IN_MEMORY = 2**25, 2**28, 2**30, 2**31
#: Seconds without a word, and for everything.
PATIENCE, DEADLINE = 30, 600
CHUNK = 2**16
WEB = ("http", "https")
FILE_NAME = re.compile(r"[a-z0-9_]+\.parquet")
OF_A_RELEASE = re.compile(rf"(?P<base>.*?)/descargas/(?P<release>{NAME.pattern})(?:/[^/]*)?")
WHAT_IT_IS = "escriba la raíz de un sitio de Padrón Abierto, o la dirección de una publicación suya"
Wanted = Callable[[Manifest], Collection[str]]


class RemoteError(ReleaseError):
    """What could not be brought from a site, and why; the message is for the reader, in Spanish."""


class GoneError(RemoteError):
    """There is nothing at that address."""


class _Redirects(HTTPRedirectHandler):
    """Follows redirections to the web and to nothing else."""

    def redirect_request(self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Request | None:
        """The request that follows, as the library makes it; RemoteError when it leads out of the web."""
        target = urljoin(req.full_url, newurl)
        if urlsplit(target).scheme not in WEB:
            fp.close()
            raise _out_of_the_web(req.full_url, target)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class Address:
    """Where a site is (no slash at the end) and, when the address says one, which of its releases."""

    base: str
    release: str | None

    @classmethod
    def of(cls, written: str) -> Address:
        """What somebody wrote; RemoteError when it is no address of the web."""
        try:
            parts = urlsplit(written.strip())
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise RemoteError(f"«{written[:80]}» no es una dirección: {WHAT_IT_IS}") from None
        if parts.scheme not in WEB or not host:
            raise RemoteError(f"«{written[:80]}» no empieza por https:// ni http://: {WHAT_IT_IS}")
        if "@" in parts.netloc:
            raise RemoteError("la dirección trae un usuario o una clave: lo público se lee sin ellos")
        path = parts.path.rstrip("/")
        found = OF_A_RELEASE.fullmatch(path)
        base = found["base"] if found else path.removesuffix("/salud")
        return cls(f"{parts.scheme}://{parts.netloc}{base}", found["release"] if found else None)


class RemoteSite:
    """The releases that a site serves, brought one by one under `folder`; at most `MOST` bytes and `DEADLINE` seconds in all."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self._folder = Address.of(address), folder
        self._opener = build_opener(_Redirects)
        self._until, self._left = monotonic() + DEADLINE, MOST

    def current(self) -> str:
        """The name of the release that is current at the site; RemoteError."""
        name = self._json(f"{self.address.base}/salud").get("publicacion")
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise RemoteError(f"{self.address.base} no dice qué publicación sirve: {WHAT_IT_IS}")
        return name

    def bring(self, name: str, wanted: Wanted, sha256: str | None = None) -> Release:
        """The release called `name`, with the files that `wanted` chooses of its manifest, of which another may have said the
        hash. RemoteError; GoneError when the site does not serve it any more.
        """
        content, kind = self._get(self._url(name, MANIFEST), MOST_OF_A_CATALOGUE)
        manifest = _object(self._url(name, MANIFEST), content, kind)
        listed, kind = self._get(self._url(name, DATAPACKAGE), MOST_OF_A_CATALOGUE)
        _object(self._url(name, DATAPACKAGE), listed, kind)
        same = sha256 in (None, hashlib.sha256(content).hexdigest())
        if not same or manifest.get("publicacion") != name or not is_named_for(name, content, listed):
            raise RemoteError(f"lo que {self.address.base} da por {name} no es esa publicación: su contenido es otro")
        root = self._folder / name
        try:
            files = {item["nombre"]: (int(item["bytes"]), str(item["sha256"])) for item in manifest["archivos"]}
            chosen = [(file, *files[file]) for file in wanted(cast(Manifest, manifest))]
            root.mkdir(parents=True, exist_ok=True)
            for file, told in ((MANIFEST, content), (DATAPACKAGE, listed)):
                (root / file).write_bytes(told)
            for file, size, sha256 in chosen:
                self._table(name, file, size, sha256, root)
        except OSError as error:
            raise RemoteError(f"no se puede guardar lo que se trae: {reason(error)}") from None
        except (KeyError, TypeError, ValueError, AttributeError):
            raise RemoteError(f"el manifiesto de {name} no tiene la forma que se esperaba") from None
        return Release.open(root, whole=False)

    def _url(self, name: str, file: str) -> str:
        return f"{self.address.base}/descargas/{name}/{file}"

    def _json(self, url: str) -> dict[str, Any]:
        return _object(url, *self._get(url, MOST_OF_A_CATALOGUE))

    def _table(self, name: str, file: str, size: int, sha256: str, root: Path) -> None:
        """A Parquet file, once its SHA-256 is the one of the manifest and it is known to fit in memory."""
        if not FILE_NAME.fullmatch(file):
            raise RemoteError(f"el manifiesto de {name} nombra un archivo que no puede ser suyo: «{file[:80]}»")
        if size > MOST_OF_A_FILE:
            raise RemoteError(f"{file} es demasiado grande: {size:,} bytes, y se aceptan {MOST_OF_A_FILE:,}")
        content, _ = self._get(self._url(name, file), size)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise RemoteError(f"{file} no es el que publicó {name}: su SHA-256 no es la del manifiesto")
        try:
            told = pq.read_metadata(io.BytesIO(content))
            whole = sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups))
        except pa.ArrowException:
            raise RemoteError(f"{file} no es un archivo Parquet que se pueda leer") from None
        if whole > MOST_IN_MEMORY:
            raise RemoteError(f"{file} ocuparía {whole:,} bytes al leerlo, y se aceptan {MOST_IN_MEMORY:,}")
        (root / file).write_bytes(content)

    def _get(self, url: str, most: int) -> tuple[bytes, str]:
        """What an address answers and of which kind it is, in a thread: one that waits for ever is left behind."""
        done: list[tuple[bytes, str] | Exception] = []

        def get() -> None:
            try:
                done.append(self._read(url, min(most, self._left)))
            except Exception as error:
                done.append(error)

        reading = Thread(target=get, daemon=True, name=f"trae {url}")
        reading.start()
        reading.join(max(self._until - monotonic(), 0))
        if not done:
            raise RemoteError(f"{url}: se acabaron los {DEADLINE} segundos que se dan para traerlo todo")
        (found,) = done
        if isinstance(found, Exception):
            raise _in_words(url, found) from None
        self._left -= len(found[0])
        return found

    def _read(self, url: str, most: int) -> tuple[bytes, str]:
        headers = {"Accept-Encoding": "identity", "User-Agent": "padron-abierto auditar"}
        with self._opener.open(Request(url, headers=headers), timeout=PATIENCE) as answer:
            kind = str(answer.headers.get("Content-Type", ""))
            if answer.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
                raise RemoteError(f"{url} llega comprimido aunque se pidió que no: no se lee")
            parts: list[bytes] = []
            size = 0
            while part := answer.read1(CHUNK):
                size += len(part)
                if size > most:
                    raise RemoteError(f"{url} es demasiado grande: pasa de {most:,} bytes")
                if monotonic() > self._until:
                    raise TimeoutError
                parts.append(part)
            if answer.length:  # bytes that were promised and did not come
                raise http.client.IncompleteRead(b"", answer.length)
        return b"".join(parts), kind


def earlier_named(manifest: Manifest) -> dict[str, str | None]:
    """The releases before it that a manifest names, the latest first, with the SHA-256 of the manifest of each if it says it.

    None when it is of a version that named none.
    """
    told: Any = manifest.get("anteriores")
    named: dict[str, str | None] = {}
    for item in told if isinstance(told, list) else ():
        name, sha256 = (item.get("publicacion"), item.get("sha256")) if isinstance(item, dict) else (item, None)
        if isinstance(name, str) and NAME.fullmatch(name) and name != manifest["publicacion"]:
            named[name] = sha256 if isinstance(sha256, str) else None
    return dict(sorted(named.items(), reverse=True))


def _object(url: str, content: bytes, kind: str) -> dict[str, Any]:
    """What an address answered, which must be an object in JSON; RemoteError."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        page = "html" in kind or content.lstrip()[:1] == b"<"
        what = "una página y no los datos que se esperaban" if page else "algo que no es JSON"
        raise RemoteError(f"{url} contesta {what}: {WHAT_IT_IS}") from None
    if not isinstance(told, dict):
        raise RemoteError(f"{url} no contesta lo que contesta Padrón Abierto: {WHAT_IT_IS}")
    return told


def _in_words(url: str, error: Exception) -> RemoteError:
    """Why an address could not be read, for who asked."""
    if isinstance(error, RemoteError):
        return error
    if isinstance(error, HTTPError):
        return _refused(url, error)
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, ssl.SSLError):
        why = "la conexión segura falla: el certificado del sitio no es de fiar, o no es un sitio https"
    elif isinstance(cause, socket.gaierror):
        why = "no se halla ese servidor: la dirección está mal escrita, o no hay red"
    elif isinstance(cause, TimeoutError):
        why = f"no contesta en {PATIENCE} segundos"
    elif isinstance(cause, ConnectionRefusedError):
        why = "nadie atiende en esa dirección"
    elif isinstance(cause, http.client.IncompleteRead):
        why = "la respuesta se cortó antes de terminar"
    elif isinstance(cause, OSError):
        why = f"la conexión falla ({reason(cause)})"
    else:
        why = f"la respuesta no se entiende ({type(cause).__name__})"
    return RemoteError(f"{url}: {why}")


def _out_of_the_web(url: str, target: str) -> RemoteError:
    return RemoteError(f"{url} lleva a {target[:80]}, que no es una dirección http ni https")


def _refused(url: str, error: HTTPError) -> RemoteError:
    """Why a server answered that it would not."""
    error.close()
    if urlsplit(error.url).scheme not in WEB:  # the library itself does not go there
        return _out_of_the_web(url, error.url)
    if error.code in (301, 302, 303, 307, 308):
        return RemoteError(f"{url} lleva de una dirección a otra en círculo, o demasiadas veces")
    if error.code in (404, 410):
        return GoneError(f"{url} no existe: {WHAT_IT_IS}")
    if error.code == 503 and url.endswith("/salud"):
        return RemoteError(f"{url}: el sitio no tiene ahora ninguna publicación que servir")
    return RemoteError(f"{url}: el servidor contesta {error.code}")
