"""What an answer says of itself in its headers (Link, RFC 8288): what describes it, under which licence it is, which address to
cite (RFC 8574), and where a part of it is asked for, explained to people (RFC 8631).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.address.named_release import with_pin
from dashboard.address.own import base_url
from dashboard.address.parameters import Question
from dashboard.pages.datos_api import PATH as API_PATH
from dashboard.render.formats import CSV, JSON
from dashboard.render.metadata.csvw import CSVW, ENDING
from dashboard.view import View
from dashboard.web.serving import ServedReleases
from etl.release import DATAPACKAGE, DamagedError, FileFacts, Release

LINK = "Link"
API, OPENAPI = "/api/", "/api/v1/openapi.json"
#: What describes a datapackage.json itself.
PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
#: What an address may have as it is, in a header.
AS_IT_IS = "/:?#[]@!$&'()*+,;=%-._~"


def of_file(release: Release, name: str, facts: FileFacts | None = None) -> dict[str, str]:
    """The header of the file `name` of a release, or of a table of it in another format: its `facts` are those of the file that
    was published, which is the one to cite.
    """
    own = facts or next((item for item in release.manifest["archivos"] if item["nombre"] == name), None)
    described = PACKAGE_PROFILE if name == DATAPACKAGE else file_address(release, DATAPACKAGE)
    license = own.get("licencia_url") if own else license_of(release)
    told = _header(described, license, file_address(release, own["nombre"] if own else name))
    if facts and name.endswith(f".{CSV.suffix}"):  # first: who reads CSV on the Web warns of any other link before it
        column_by_column = f"{file_address(release, name.removesuffix(f'.{CSV.suffix}'))}{ENDING}"
        first = f'<{_written(column_by_column)}>; rel="describedby"; type="{CSVW.media_type}"'
        told[LINK] = f"{first}, {told[LINK]}"
    return told


def of_something(release: Release, address: str) -> dict[str, str]:
    """The header of what is made of a release and has an address that never changes: its places, a picture."""
    return _header(file_address(release, DATAPACKAGE), license_of(release), address)


def of_view(release: Release, view: View, selection: Question, suffix: str) -> dict[str, str]:
    """The header of a file of a view. Its columns are described in JSON; the tables of that, in the package of the release. The
    addresses name the release, so that what is cited is what was read.
    """

    def address(form: str) -> str:
        return with_pin(selection.url(f"/descargas/vista/{view.name}.{form}"), release.id)

    described = file_address(release, DATAPACKAGE) if suffix == JSON.suffix else address(JSON.suffix)
    return _header(described, license_of(release), address(suffix))


def of_extract(described: str, license: str | None, cited: str | None, following: str | None) -> dict[str, str]:
    """The header of what was asked of a table: of a page that has another after it, also the address of that one."""
    return _header(described, license, cited, following)


def file_address(release: Release, name: str) -> str:
    """The address of a file of a release, the same for ever."""
    return f"/descargas/{release.id}/{name}"


def license_of(release: Release) -> str | None:
    """The address of the licence of all that is derived from a release, as its package says it; None if it cannot be read."""
    with suppress(DamagedError):
        return next((str(item["path"]) for item in release.package.get("licenses", ()) if "path" in item), None)
    return None


def _header(
    described: str, license: str | None, cited: str | None = None, following: str | None = None
) -> dict[str, str]:
    targets: Mapping[str, str | None] = {
        "describedby": described,
        "license": license,
        "cite-as": cited,
        "next": following,
        "service-doc": API_PATH,
    }
    return {LINK: ", ".join(f'<{_written(target)}>; rel="{name}"' for name, target in targets.items() if target)}


def _written(target: str) -> str:
    """An address as a header takes it, with the one of the site before those of its own when it is known."""
    return quote(f"{base_url()}{target}" if target.startswith("/") else target, safe=AS_IT_IS)


class Described:
    """ASGI middleware that says, of every answer of the API, that the OpenAPI document describes it, and its licence."""

    def __init__(self, app: ASGIApp, served: ServedReleases) -> None:
        self.app, self.served = app, served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self.app(scope, receive, send)
            return

        async def described(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                told = _header(OPENAPI, license_of(self.served.current.release))
                MutableHeaders(scope=message).setdefault(LINK, told[LINK])
            await send(message)

        await self.app(scope, receive, described)
