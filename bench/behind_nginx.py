"""How many readers nginx serves by itself, with the file of docs/despliegue/, and what they get while the site is not there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from bench.figures import Figure, log_file
from bench.size import Size
from tests.browser_support import running_site
from tests.nginx_support import NGINX, running_nginx

PAGE = "/padron"
CONNECTIONS, THREADS = 64, 2
LEAST_PER_SECOND, LEAST_HITS = 20_000, 99.0
HOUR = 3_600
#: The name of this machine, by which wrk can ask.
HERE = "localhost"


def measure(size: Size) -> list[Figure]:
    """Requests per second of `PAGE` over HTTPS with `CONNECTIONS` connections that stay open, for `size.seconds`: microseconds
    that each takes, so that less is better; the part that nginx does not have; and the same with the site gone for an hour.
    """
    if NGINX is None or shutil.which("wrk") is None:
        raise RuntimeError("falta nginx o wrk: make nginx")
    folder = size.folder / "nginx"
    with running_site(size.release, log_file("behind_nginx")) as site:
        with running_nginx(folder, site, name=HERE, limited=False) as proxy:
            alive = asked(size, f"https://{HERE}:{proxy.secure}")
            missed = 100 - hits(folder)
        direct = asked(size, site)
    with running_nginx(folder, site, name=HERE, limited=False) as proxy:
        proxy.later(HOUR)
        gone = asked(size, f"https://{HERE}:{proxy.secure}")
    return [
        Figure(
            f"{PAGE} detrás de nginx, por petición",
            1e6 / alive.per_second,
            "µs",
            1e6 / LEAST_PER_SECOND,
            "sin nginx",
            1e6 / direct.per_second,
            f"{alive.per_second:,.0f} por segundo con {CONNECTIONS} conexiones HTTPS; {alive.failed} con error",
        ),
        Figure("peticiones que nginx pasa al sitio", missed, "%", 100 - LEAST_HITS),
        Figure(
            "con el sitio caído desde hace una hora, peticiones sin respuesta",
            gone.failed,
            "peticiones",
            0,
            note=f"de {gone.requests:,}; {gone.per_second:,.0f} por segundo",
        ),
    ]


class Asked:
    """What wrk found: requests, how many had no good answer, and how many in a second."""

    def __init__(self, said: str) -> None:
        self.requests = int(_number(r"(\d+) requests in", said))
        self.per_second = _number(r"Requests/sec:\s+([\d.]+)", said)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
        lost = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
        self.failed = int(bad[1] if bad else 0) + sum(map(int, lost.groups() if lost else ()))


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if found is None:
        raise RuntimeError(said)
    return float(found[1])


def asked(size: Size, url: str) -> Asked:
    """What readers with a browser's headers get of the page at `url`."""
    command = ["wrk", f"--threads={THREADS}", f"--connections={CONNECTIONS}", f"--duration={size.seconds}s"]
    command += ["--header", "Accept-Encoding: gzip, deflate, br", url + PAGE]
    return Asked(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def hits(folder: Path) -> float:
    """Of every hundred requests in the log of nginx, how many it answered by itself."""
    found = [
        json.loads(line)["cache"] for line in (folder / "padron.log").read_text().splitlines() if '"/padron"' in line
    ]
    return 100 * sum(one in ("HIT", "STALE", "UPDATING", "REVALIDATED") for one in found) / len(found)
