"""Programs of others that read what the site publishes, in an environment of their own: what they need is not what the site does.

`make .venv-lectores/.listo` makes it, as `make test` does.
"""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from typing import Any

import pytest

from tests.browser_support import ROOT

PYTHON = ROOT / ".venv-lectores" / "bin" / "python"
#: Seconds for one script, on a machine that does other things meanwhile.
SECONDS = 240
#: What every script begins with: the site, its release and what else it was given; `tell` answers whoever runs it.
BEGINNING = """
import json, sys
base, release, *given = sys.argv[1:]
files = f"{base}/descargas/{release}"
def tell(said):
    print("\\n" + json.dumps(said, default=str))
"""


def read(script: str, site: str, release: str, *given: str) -> Any:
    """What `script` tells with `tell(…)`, as the last thing it does, run by the Python of the readers against a site that serves
    `release`: with `base` the address of the site, `files` that of the files of the release, and `given`.
    """
    if not PYTHON.exists():
        pytest.fail(f"Falta {PYTHON.parent.parent.name}: make {PYTHON.parent.parent.name}/.listo")
    written = BEGINNING + textwrap.dedent(script)
    command = [str(PYTHON), "-W", "ignore", "-c", written, site, release, *given]
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PADRON"))}
    done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=ROOT / "tests", env=clean)
    assert done.returncode == 0, done.stderr[-4_000:]
    return json.loads(done.stdout.strip().splitlines()[-1])
