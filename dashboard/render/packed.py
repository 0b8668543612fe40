"""Documents that are a ZIP inside, with the same bytes whenever they are written."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dashboard.render.ocd import NO_TIME

#: What says which kind of document it is: it goes first, and as it is.
KIND = "mimetype"


def repacked(document: bytes) -> bytes:
    """A document with the times of its members taken out."""
    written = BytesIO()
    with ZipFile(BytesIO(document)) as source, ZipFile(written, "w") as target:
        names = sorted(source.namelist(), key=lambda name: name != KIND)
        for name in names:
            member = ZipInfo(name, NO_TIME)
            member.external_attr = 0o644 << 16
            target.writestr(member, source.read(name), ZIP_STORED if name == KIND else ZIP_DEFLATED)
    return written.getvalue()
