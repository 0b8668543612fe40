"""`python tauargus_alone.py <what>`: pytauargus alone in a process, over the files of the folder it is run in.

It keeps work files in the folder it is run in, where another run at the same time, or one that was stopped, makes it
crash: so each run has a folder and a process of its own. Nothing of this project is imported, to start at once.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

SYSTEM, CHOSEN, INTERVALS, ORDERS = "sistema.jj", "elegidas.txt", "intervalos.json", "tabla.arb"


def main(what: str) -> int:
    """Audit the system (`auditar`), choose in it (`opt`) or follow the orders over a table (`mod`)."""
    engine: Any = import_module("pytauargus.engine")
    if what == "auditar":
        Path(INTERVALS).write_text(json.dumps(engine.audit_jj(SYSTEM)), encoding="ascii")
    elif what == "opt":
        return int(engine.HiTaSCtrl().full_jj(in_file_jj=SYSTEM, out_file=CHOSEN, max_time=1) > 1)
    else:
        engine.run_batch(str(Path(ORDERS).resolve()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
