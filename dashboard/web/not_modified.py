"""What of an answer is known before it is made: its ETag, and so whether whoever asks has it already."""

from __future__ import annotations

from fastapi import Request as HttpRequest
from fastapi.responses import Response

from dashboard.web.etags import lists, wants_another
from dashboard.web.extract_asked import AskedExtract
from dashboard.web.kept import encoding_for
from dashboard.web.parts import WantsAnother
from dashboard.web.sent_files import COMPRESSED, etag


def headers_before(asked: AskedExtract, media_type: str, encoding: str = "") -> dict[str, str]:
    """The headers of an answer that do not depend on its bytes."""
    headers = {"Cache-Control": asked.caching, "Accept-Ranges": "bytes", "ETag": etag(asked.mark, encoding)}
    return headers | ({"Vary": "Accept-Encoding"} if COMPRESSED.match(media_type) else {})


def told_not_modified(http: HttpRequest, asked: AskedExtract, media_type: str = "application/json") -> Response | None:
    """That whoever asks has it already, without looking for any row. WantsAnother if they want another version."""
    accepted = encoding_for(http.headers.get("accept-encoding", "").encode("latin-1"))
    tags = [etag(asked.mark, encoding) for encoding in ("", accepted)]
    if all(wants_another(http.headers.get("if-match"), tag) for tag in tags):
        raise WantsAnother
    listed = http.headers.get("if-none-match", "")
    found = next((tag for tag in tags if lists(listed, tag)), None)
    return Response(status_code=304, headers=headers_before(asked, media_type) | {"ETag": found}) if found else None
