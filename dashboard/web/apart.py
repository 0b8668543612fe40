"""Writing a file in a process of its own: a long table written in Python holds back every other thread of the site.

`python -m dashboard.web.apart` is that process: it reads from its input what to call, and writes the file to its output.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import dashboard
from dashboard.web.priority import leave_room

Write = Callable[[BinaryIO], None]
#: Seconds between two looks at whether somebody still wants the file.
EVERY = 0.2
#: What a process that the disk failed ends with.
DISK_FAILED = os.EX_IOERR


class Abandoned(Exception):
    """Nobody waits any more for what was being made."""


def write_apart(write: Write, file: BinaryIO, stop: threading.Event, scratch: Path | None) -> None:
    """Call `write` (a partial of functions of modules, with what pickle can send) on `file` in another process.

    What that process needs on the disk while it writes is under `scratch`, and goes when it ends, killed or not. Abandoned if
    `stop` is set before it ends, OSError if the disk fails, RuntimeError with anything else: the process tells it to the log.
    """
    code = Path(dashboard.__file__).parent.parent
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="libro-", dir=scratch) as folder:
        child = subprocess.Popen(
            [sys.executable, "-m", "dashboard.web.apart"],
            stdin=subprocess.PIPE,
            stdout=file,
            cwd=code,
            env={**os.environ, "TMPDIR": folder},
        )
        try:
            ended = _follow(child, write, stop)
        finally:
            child.kill()
            child.wait()
    if ended == DISK_FAILED:
        raise OSError("el disco no pudo guardar el archivo que se preparaba")
    if ended:
        raise RuntimeError(f"el proceso que preparaba un archivo terminó con {ended}")


def _follow(child: subprocess.Popen[bytes], write: Write, stop: threading.Event) -> int:
    """Send a process its work and give the code that it ends with. Its input stays open: it ends when that is closed."""
    assert child.stdin is not None
    try:
        pickle.dump(write, child.stdin)
        child.stdin.flush()
        while not stop.is_set():
            with suppress(subprocess.TimeoutExpired):
                return child.wait(EVERY)
    except BrokenPipeError:
        return child.wait()  # it ended before it read its work, and says why itself
    finally:
        with suppress(BrokenPipeError):
            child.stdin.close()
    raise Abandoned


def _end_with_parent() -> None:
    """End this process when whoever started it does, even killed."""
    while os.read(0, 1024):
        pass
    os._exit(1)


def main() -> int:
    """Do what the input says, with the output as its file."""
    leave_room()
    write: Write = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with open(1, "wb", closefd=False) as file:
            write(file)
    except OSError:
        traceback.print_exc()
        return DISK_FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
