"""The process of one renderer: `python -m dashboard.web.renderer CONNECTION FOLDER`, started by `renderers`."""

from __future__ import annotations

import logging
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from markupsafe import Markup

from dashboard.site import Site
from dashboard.web.addresses import visit_of
from dashboard.web.garbage import look_for_garbage_less, throw_away
from dashboard.web.kept import KeptAnswers, encoded
from dashboard.web.painting import key_of, pages_shelf, painted
from dashboard.web.priority import leave_room
from dashboard.web.renderers import IDLE_SECONDS, Opening, Rendered, Rendering
from etl.release import Release

#: One page of each kind that has much in common with others of its kind, made as soon as a release is opened.
FIRST = ("/padron", "/accesible/padron", "/participacion", "/accesible/participacion", "/ficha/pais")

log = logging.getLogger(__name__)


class Work:
    """What a renderer does, with the release that it has open."""

    def __init__(self, kept: KeptAnswers) -> None:
        self._kept = kept
        self._site: Site | None = None

    def done(self, asked: object) -> object:
        """The answer to one message."""
        if isinstance(asked, Opening):
            return self._open(asked)
        return self._page(asked) if isinstance(asked, Rendering) else None

    def _open(self, asked: Opening) -> bool:
        if self._site is not None:
            self._site = None
            throw_away()  # what was set apart with it would stay for ever
        release = Release.open(asked.root, whole=False)
        if release.sha256 != asked.manifest:
            return False
        site = Site(release)
        for address in FIRST:
            visit = visit_of(address, address, "")
            if visit:
                with suppress(Exception):  # whoever asks for that page is told
                    painted(site, visit, Markup)
        self._site = site
        look_for_garbage_less()
        return True

    def _page(self, asked: Rendering) -> Rendered | None:
        site, visit = self._site, visit_of(asked.path, asked.raw_path, asked.query)
        if site is None or visit is None or asked.key != key_of(site, visit.address):
            return None  # the day changed meanwhile, for one

        def tags() -> Markup:
            return Markup(asked.tags)

        if visit.is_kept(site):
            return Rendered(self._kept.obtained(asked.key, asked.encoding, lambda: painted(site, visit, tags)), True)
        return Rendered(encoded(painted(site, visit, tags), asked.encoding), False)


def main(handle: int, workspace: Path) -> None:
    """Answer what comes by the connection, until it ends or nothing has come for a while."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it says when it ends
    leave_room()
    connection, work = Connection(handle), Work(KeptAnswers(pages_shelf(workspace), 0))
    try:
        while connection.poll(IDLE_SECONDS):
            asked = connection.recv()
            try:
                found = work.done(asked)
            except Exception as error:  # whoever asked makes it, and tells what fails
                log.debug("%r: %r", asked, error)
                found = None
            connection.send(found)
    except (EOFError, OSError):
        return


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
