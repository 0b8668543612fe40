"""`python -m bench.delivered_alone <folder> <registry>`: publish a demonstration again with another delivery of its registry.

It is a process of its own, as the command that staff run would be.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bench.figures import ROOT
from etl.demo.release import recount


def main(arguments: Sequence[str]) -> None:
    """Count, protect what changed and publish, in the folder of the demonstration."""
    folder, delivery = map(Path, arguments)
    recount(ROOT / "data" / "source", folder, delivery)


if __name__ == "__main__":
    main(sys.argv[1:])
