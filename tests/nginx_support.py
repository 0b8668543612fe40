"""A real nginx with the file of docs/despliegue/, in which only ports, paths and the site behind it are others."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import struct
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.browser_support import ROOT, free_port

CONFIGURATION = ROOT / "docs" / "despliegue" / "nginx.conf"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
NAME = "padron.example.org"
WITHOUT = "no hay nginx en esta máquina, ni se pudo instalar con «make nginx»"
#: Where the times of a kept answer are in its file, each of eight bytes: until when it is fresh, may be shown while another
#: one is asked for, and may be shown if none can be had (ngx_http_file_cache_header_t).
TIMES = (8, 16, 24)


@dataclass(frozen=True)
class Proxy:
    """A running nginx: its folder, and its ports for HTTP and HTTPS."""

    folder: Path
    plain: int
    secure: int

    @property
    def url(self) -> str:
        """Where it answers by HTTPS."""
        return f"https://127.0.0.1:{self.secure}"

    def get(self, path: str, encoding: str = "br", method: str = "GET", **headers: str) -> httpx.Response:
        """The answer to one request, made by its name on a connection of its own, as it came (never decompressed)."""
        with self.client() as client:
            told = {"Accept-Encoding": encoding, **{name.replace("_", "-"): value for name, value in headers.items()}}
            with client.stream(method, path, headers=told, extensions={"sni_hostname": NAME}) as response:
                content = b"".join(response.iter_raw())
                return httpx.Response(response.status_code, headers=_as_it_came(response), content=content)

    def client(self) -> httpx.Client:
        """Somebody who believes its certificate; each request has to say `sni_hostname`."""
        trust = ssl.create_default_context(cafile=str(self.folder / "certificado.pem"))
        return httpx.Client(base_url=self.url, verify=trust, headers={"Host": NAME}, timeout=30)

    def later(self, seconds: int) -> None:
        """Make every answer that it keeps as many seconds older."""
        for path in (self.folder / "cache").rglob("*"):
            if path.is_file():
                content = bytearray(path.read_bytes())
                for place in TIMES:
                    (when,) = struct.unpack_from("=q", content, place)
                    struct.pack_into("=q", content, place, max(when - seconds, 0))
                path.write_bytes(content)


def configuration(proxy: Proxy, sites: Sequence[str], name: str, limited: bool) -> str:
    """The file of docs/despliegue/ for a test: every replacement must find what it replaces."""
    folder = proxy.folder
    text = CONFIGURATION.read_text(encoding="utf-8")
    own = [f"server {urlsplit(site).netloc} max_fails=1 fail_timeout=2s;" for site in sites]
    if len(sites) == 2:  # as the file says: the second takes the place of the first
        own = [
            f"server {urlsplit(site).netloc} max_fails=0{more};"
            for site, more in zip(sites, ("", " backup"), strict=True)
        ]
    replaced: Mapping[str, str] = {
        r"server 127\.0\.0\.1:8050 max_fails=0;\n    server 127\.0\.0\.1:8051 max_fails=0 backup;": "\n    ".join(own),
        r"/var/cache/nginx/padron": f"{folder}/cache",
        r"/etc/ssl/padron/": f"{folder}/",
        r"/var/log/nginx/": f"{folder}/",
        r"/var/www/acme": f"{folder}/acme",
        r"listen 80\b": f"listen 127.0.0.1:{proxy.plain}",
        r"listen 443\b": f"listen 127.0.0.1:{proxy.secure}",
        r"padron\.example\.org": name,
    }
    if not limited:  # all the readers of a test ask from one address
        replaced = {**replaced, r"(?m)^ +limit_(req|conn) zone=.*$|^ +limit_(req|conn) padron.*$": ""}
    for pattern, instead in replaced.items():
        text, found = re.subn(pattern, instead, text)
        assert found, f"{CONFIGURATION.name} has no {pattern}"
    return text


@contextmanager
def running_nginx(folder: Path, *sites: str, name: str = NAME, limited: bool = True) -> Iterator[Proxy]:
    """nginx before some sites, until the end: it is called `name`, and `limited` to so many requests from one address."""
    assert NGINX, WITHOUT
    folder.mkdir(exist_ok=True)
    certificate(folder, name)
    proxy = Proxy(folder, free_port(), free_port())
    (folder / "padron.conf").write_text(configuration(proxy, sites, name, limited))
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{user} daemon off; pid {folder}/pid; error_log {folder}/fallas.log; worker_processes auto;"
        f"events {{ worker_connections 4096; }} http {{ {temporary} include {folder}/padron.conf; }}"
    )
    command = [NGINX, "-e", str(folder / "fallas.log"), "-c", str(folder / "nginx.conf"), "-p", str(folder)]
    with (folder / "arranque.log").open("wb") as said:
        server = subprocess.Popen(command, stdout=said, stderr=said)
    try:
        _wait_for(server, proxy, name)
        yield proxy
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_for(server: subprocess.Popen[bytes], proxy: Proxy, name: str) -> None:
    for _ in range(400):
        if server.poll() is not None:
            break
        try:
            httpx.get(f"http://127.0.0.1:{proxy.plain}/", headers={"Host": name})
            return
        except httpx.TransportError:
            time.sleep(0.05)
    raise RuntimeError("\n".join(path.read_text() for path in proxy.folder.glob("*.log")))


def _as_it_came(response: httpx.Response) -> httpx.Headers:
    """The headers, with the encoding under another name: who builds a response from them would decode it."""
    told = httpx.Headers(response.headers)
    told["x-codificacion"] = told.pop("content-encoding", "")
    return told


def certificate(folder: Path, name: str) -> None:
    """A certificate of `name` that signs itself, made with openssl."""
    if (folder / "certificado.pem").exists():
        return
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    made += ["-days", "2", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    made += ["-keyout", str(folder / "llave.pem"), "-out", str(folder / "certificado.pem")]
    subprocess.run(made, check=True, capture_output=True)
