"""An output that may fail (a full disk, a reader that has gone) without stopping what is being done."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress


class Unheard(io.TextIOWrapper):
    """A text output whose failures are said once on the error output; what follows them is written nowhere."""

    def write(self, text: str) -> int:
        """Write `text`, or forget it."""
        try:
            return super().write(text)
        except OSError as error:
            self._lost(error)
            return len(text)

    def flush(self) -> None:
        """Have what was written reach its place, or forget it."""
        try:
            super().flush()
        except OSError as error:
            self._lost(error)

    def _lost(self, error: OSError) -> None:
        from etl.release import reason  # slow to import, and seldom needed

        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        if error.errno != errno.EPIPE:  # whoever reads only the beginning needs no notice
            with suppress(OSError):
                print(f"No se pudo escribir lo que dice esta orden: {reason(error)}. Lo demás sigue.", file=sys.stderr)


def never_stop_for_the_output() -> None:
    """From now on, no failure of the standard output stops the program."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        line_buffering, encoding = sys.stdout.line_buffering, sys.stdout.encoding
        sys.stdout = Unheard(sys.stdout.detach(), encoding, errors="replace", line_buffering=line_buffering)
