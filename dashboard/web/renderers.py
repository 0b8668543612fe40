"""Pages made in processes of their own, as many at a time as there are cores: the threads of one Python process take turns.

They are called when visitors begin to wait, so that a quiet site is one process, and leave when nobody has needed them for
a while. Whatever one cannot do (a page that fails, a release that it has not opened yet) is done by whoever asked it.
"""

from __future__ import annotations

import logging
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

import dashboard
from dashboard.site import Site
from dashboard.web.kept import Encoded
from dashboard.web.memory import free_memory

#: Seconds that a renderer may take to open a release and to make a page, before it is given up.
OPENING_SECONDS, PAGE_SECONDS = 120.0, 30.0
#: Seconds without work after which a renderer leaves.
IDLE_SECONDS = 300.0
#: Seconds from one call to the next: the first may have come to nothing.
REST_SECONDS = 10.0
#: Bytes of memory that have to be free for each renderer that is called: what one takes, twice.
FREE_FOR_EACH = 600 << 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Opening:
    """Open the release in `root`, if its manifest.json is the one with this SHA-256. The answer is whether it was opened."""

    root: Path
    manifest: str


@dataclass(frozen=True)
class Rendering:
    """Make the page at `path`, that came written as `raw_path`, with its query, in one encoding, to be kept under `key`.

    `tags` are Dash's. The answer is a Rendered, or None when it cannot be made as asked.
    """

    key: str
    path: str
    raw_path: str
    query: str
    encoding: str
    tags: str


@dataclass(frozen=True)
class Rendered:
    """A page in one encoding, and whether it may be kept."""

    page: Encoded
    kept: bool


class Renderer:
    """One process that makes pages of the release that it has open."""

    def __init__(self, workspace: Path) -> None:
        self.release: Path | None = None
        ours, theirs = socket.socketpair()
        code = Path(dashboard.__file__).parent.parent
        command = [sys.executable, "-m", "dashboard.web.renderer", str(theirs.fileno()), str(workspace)]
        with theirs:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=code, pass_fds=[theirs.fileno()])
        self._connection = Connection(ours.detach())

    def open(self, site: Site) -> bool:
        """Open the release of `site`; False if it could not."""
        found = self._asked(Opening(site.release.root, site.release.sha256), OPENING_SECONDS)
        self.release = site.release.root if found else None
        return bool(found)

    def render(self, work: Rendering) -> Rendered | None:
        """What it makes of `work`; None if it could not make it. OSError or EOFError once its process is no more."""
        found = self._asked(work, PAGE_SECONDS)
        return found if isinstance(found, Rendered) else None

    def close(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.kill()
        self._process.wait()

    def _asked(self, work: Opening | Rendering, seconds: float) -> object:
        self._connection.send(work)
        if not self._connection.poll(seconds):
            raise TimeoutError(f"no contesta en {seconds:.0f} segundos")
        return self._connection.recv()


class Renderers:
    """Up to `most` renderers, which keep what they make where `workspace` says. Safe between threads."""

    def __init__(self, most: int, workspace: Path) -> None:
        self._most, self._workspace = most, workspace
        self._free: list[Renderer] = []
        self._all: set[Renderer] = set()
        self._calling, self._not_before = False, 0.0
        self._lock = Lock()

    def call(self, site: Site) -> None:
        """Have all of them come and open the release of `site`, if they are not there; returns at once."""
        with self._lock:
            if self._calling or len(self._all) >= self._most or monotonic() < self._not_before:
                return
            self._calling = True
        Thread(target=self._come, args=(site,), daemon=True).start()

    def rendered(self, site: Site, work: Callable[[], Rendering]) -> Rendered | None:
        """What a renderer makes; None when none is free, or the one that was could not: whoever asks has to do it.

        Waits until it is made: for threads that may wait.
        """
        with self._lock:
            renderer = self._free.pop() if self._free else None
        if renderer is None:
            return None
        if renderer.release != site.release.root:
            Thread(target=self._open, args=(renderer, site), daemon=True).start()
            return None
        try:
            found = renderer.render(work())
        except (OSError, EOFError):  # it left, or was killed
            self._dismiss(renderer)
            return None
        self._is_free(renderer)
        return found

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            everyone, self._all, self._most = self._all, set(), 0
            self._free.clear()
        for renderer in everyone:
            renderer.close()

    def _come(self, site: Site) -> None:
        try:
            while len(self._all) < self._most and free_memory() > FREE_FOR_EACH:
                renderer = Renderer(self._workspace)
                with self._lock:
                    self._all.add(renderer)
                if not self._open(renderer, site):
                    break
        except OSError as error:
            log.warning("no se pudo llamar a otro proceso para hacer páginas: %s", error)
        finally:
            self._calling, self._not_before = False, monotonic() + REST_SECONDS

    def _open(self, renderer: Renderer, site: Site) -> bool:
        opened = False
        with suppress(OSError, EOFError):
            opened = renderer.open(site)
        if opened:
            self._is_free(renderer)
        else:
            self._dismiss(renderer)
        return opened

    def _is_free(self, renderer: Renderer) -> None:
        with self._lock:
            if renderer in self._all:
                self._free.append(renderer)

    def _dismiss(self, renderer: Renderer) -> None:
        with self._lock:
            self._all.discard(renderer)
        renderer.close()
