"""Many visitors at once, with wrk: what they ask for, how long the answers take and how many fail."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

#: wrk takes the next address of a file for each request, and says in one line what was measured.
SCRIPT = """
local addresses = {}
for line in io.lines(os.getenv("DIRECCIONES")) do addresses[#addresses + 1] = line end
local turn = tonumber(os.getenv("DESDE"))
wrk.headers["Accept-Encoding"] = os.getenv("CODIFICACION")
request = function()
  turn = turn % #addresses + 1
  return wrk.format("GET", addresses[turn])
end
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("MEDIDO %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(95),
    latency:percentile(99), e.status, e.connect + e.read + e.write + e.timeout))
end
"""
MEASURED = re.compile(r"MEDIDO (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)")


@dataclass(frozen=True)
class Load:
    """What was measured: answers per second, the milliseconds that 95 and 99 of 100 do not pass, and how many were wrong (any
    status but a good one) or never came.
    """

    per_second: float
    p95_ms: float
    p99_ms: float
    wrong: int
    lost: int


def wrk() -> str | None:
    """Where wrk is; None where it is not installed (Debian: `apt-get install wrk`)."""
    return shutil.which("wrk")


def loaded(
    site: str,
    addresses: Sequence[str],
    folder: Path,
    connections: int = 20,
    seconds: float = 5,
    encoding: str = "br",
    start: int = 0,
) -> Load:
    """Ask `site` for `addresses` in turn, from `start`, by as many `connections` for some `seconds`; RuntimeError without wrk."""
    if wrk() is None:
        raise RuntimeError("falta wrk: en Debian, apt-get install wrk")
    script, listed = folder / "visitas.lua", folder / "direcciones.txt"
    script.write_text(SCRIPT, encoding="utf-8")
    listed.write_text("\n".join(addresses) + "\n", encoding="utf-8")
    said = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s", "-s", str(script), site],
        env={"DIRECCIONES": str(listed), "DESDE": str(start), "CODIFICACION": encoding, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found = MEASURED.search(said)
    if found is None:
        raise RuntimeError(said)
    requests, micros, p95, p99, wrong, lost = map(int, found.groups())
    return Load(requests / (micros / 1e6), p95 / 1000, p99 / 1000, wrong, lost)
