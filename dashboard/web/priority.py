"""What the processes that work for the site leave to the one that answers its visitors."""

from __future__ import annotations

import os
from contextlib import suppress

#: How much less of the processors such a process takes.
NICE = 5


def leave_room() -> None:
    """Take less of the processors, where that is allowed: a service may be denied to change it, as ours is (docs/despliegue)."""
    with suppress(OSError):
        os.nice(NICE)
