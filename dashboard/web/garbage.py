"""How often Python looks for garbage in a process that makes pages."""

from __future__ import annotations

import atexit
import gc

#: After how many new objects the young are looked through for cycles, and how many such looks before the older ones.
GARBAGE = (20_000, 20, 100)


def look_for_garbage_less() -> None:
    """Set apart what lives as long as the process, and look for cycles of garbage less often.

    What a page is made of is freed as soon as it is sent, without any search; a search through everything that a release
    keeps in memory took longer than most pages, and came with one in seven of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    atexit.register(gc.unfreeze)  # what is left when the process ends is freed as always


def throw_away() -> None:
    """Free what a release that was replaced leaves: it was set apart with everything that was to live as long as the process."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
