"""An answer outside the site: its picture as SVG or PNG, the frame that shows it in another page, and oEmbed, which finds it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import APIRouter, HTTPException
from fastapi import Request as HttpRequest
from fastapi.responses import JSONResponse, Response
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from dashboard.address.named_release import OF_RELEASE, with_pin
from dashboard.address.own import base_url
from dashboard.address.parameters import Parameter, Question, query_of
from dashboard.figures.provenance import scale
from dashboard.pages.cards import asked_of, drawable, drawn_by, ground_of
from dashboard.pages.compartir import HEIGHT, HEIGHTS, code
from dashboard.pages.model import NothingHere, face_of
from dashboard.pages.shown_at import address_of
from dashboard.render.embedded import MAP, ON_SHAPES, drawn_whole, embedded, framed_drawing, own_drawing
from dashboard.render.html import style_rules
from dashboard.render.jinja import render
from dashboard.render.plano import painted_map
from dashboard.render.share_card import share_card
from dashboard.render.standalone import NoPicture, standalone, write_png
from dashboard.site import Site
from dashboard.view import Answer, View, on_day, today
from dashboard.views import VIEWS
from dashboard.web import links
from dashboard.web.api import READ, Refused, refusal, to_latest
from dashboard.web.assets_url import asset_url
from dashboard.web.made_files import MadeFiles, Making
from dashboard.web.pinned import pin_of
from dashboard.web.security import BY_OTHERS, FOR_EVER, policy
from dashboard.web.sent_files import sent, while_there
from dashboard.web.serving import ServedReleases
from dashboard.web.styles import sheets
from etl.release.register import cutoff_of

SCALE = Parameter("escala", "Tamaño", "Píxeles por cada punto de la imagen", {"1": "1", "2": "2"}, "1", control=False)
SVG, PNG = "svg", "png"
MEDIA_TYPES = {SVG: "image/svg+xml", PNG: "image/png"}
#: What oEmbed may be asked for: pages that show a map, by their path.
MAPS = {"/padron": "padron_mapa", "/participacion": "participacion_mapa"}
WIDTH = 800


@dataclass(frozen=True)
class Taken:
    """What an address asks of a view to take elsewhere: the answer, the whole question, and the release that it names."""

    site: Site
    view: View
    question: Question
    named: str
    scale: int

    @property
    def key(self) -> str:
        """The same for every way of writing the question."""
        day = (cutoff_of(self.site.release.id) if self.named else today()) if self.view.dated else ""
        return f"{self.site.release.id} {self.view.name} {self.question!r} {day} {self.scale}"

    @property
    def answer(self) -> Answer:
        """The answer. Unaskable if the release has none."""
        with on_day(cutoff_of(self.site.release.id) if self.named else today()):
            return self.site.answer(self.view.name, self.question)

    @property
    def address(self) -> str:
        """Where the same is on the site, for ever."""
        return base_url() + with_pin(address_of(self.view.name, self.question), self.site.release.id)

    def link(self, path: str) -> dict[str, str]:
        """What the header of its picture at `path` says: to cite, the same picture for ever."""
        asked = self.question.url(path)
        larger = f"{'&' if '?' in asked else '?'}{SCALE.name}={self.scale}" if self.scale > 1 else ""
        return links.of_something(self.site.release, with_pin(asked + larger, self.site.release.id))


def taken(served: ServedReleases, view: str, query: str, more: tuple[Parameter, ...] = ()) -> Taken:
    """What an address asks. 404 if there is no such view, Refused if it cannot be honoured."""
    if view not in VIEWS:
        raise HTTPException(404, "No hay una vista con ese nombre.")
    named, rest = pin_of(query)
    site, declared = served.named(named), VIEWS[view]
    given = query_of(parse_qsl(rest, keep_blank_values=True, errors="replace"))
    scale = given.pop(SCALE.name, "1") if SCALE in more else "1"
    asked, wrong = asked_of(site, declared, given)
    wrong += [] if scale in SCALE.values else [f"No hay «{scale[:40]}» en {SCALE.name}."]
    unknown = [f"«{name[:40]}» no es un parámetro de «{declared.title}»." for name in asked.unknown]
    if reasons := [*unknown, *map(refusal, asked.notices), *wrong]:
        raise Refused(reasons, (*declared.parameters(site.data), *more, OF_RELEASE))
    return Taken(site, declared, asked.selection, named, int(scale))


def router(served: ServedReleases, files: MadeFiles) -> APIRouter:
    """The routes."""
    routes = APIRouter()

    @routes.api_route("/imagen/{view}.{suffix}", methods=READ, include_in_schema=False)
    async def image(http: HttpRequest, view: str, suffix: str) -> Response:
        if suffix not in MEDIA_TYPES:
            raise HTTPException(404, "Las imágenes son SVG o PNG.")
        if away := to_latest(served, http):
            return away
        found = await run_in_threadpool(taken, served, view, http.url.query, (SCALE,) if suffix == PNG else ())
        try:
            file = await while_there(http, files.made(f"imagen {suffix} {found.key}", partial(_picture, found, suffix)))
        except NoPicture as error:
            raise NothingHere(str(error)) from None
        told = found.link(f"/imagen/{view}.{suffix}")
        return await sent(http, files, file, MEDIA_TYPES[suffix], FOR_EVER if found.named else BY_OTHERS, told)

    @routes.api_route("/imagen/{view}/tarjeta.png", methods=READ, include_in_schema=False)
    async def card(http: HttpRequest, view: str) -> Response:
        if away := to_latest(served, http):
            return away
        found = await run_in_threadpool(taken, served, view, http.url.query)
        file = await while_there(http, files.made(f"tarjeta {found.key}", partial(_shared, found)))
        told = found.link(f"/imagen/{view}/tarjeta.png")
        return await sent(http, files, file, MEDIA_TYPES[PNG], FOR_EVER if found.named else BY_OTHERS, told)

    @routes.api_route("/incrustar/{view}", methods=READ, include_in_schema=False)
    def frame(http: HttpRequest, view: str) -> Response:
        if away := to_latest(served, http):
            return away
        found = taken(served, view, http.url.query)
        written, style = framed(found)
        told = {"Content-Security-Policy": policy(True, style, framed=True), "Cache-Control": BY_OTHERS}
        return Response(written, 200, told, "text/html; charset=utf-8")

    @routes.api_route("/oembed", methods=READ, include_in_schema=False)
    def oembed(http: HttpRequest) -> Response:
        return _oembed(served, dict(http.query_params))

    return routes


def _picture(found: Taken, suffix: str) -> Making:
    """How to make a picture. The pixels of a map take half a second in which nothing else runs: another process makes them."""
    answer = found.answer
    name = f"{'sintetico_' if answer.synthetic else ''}{found.view.name}_{found.site.release.id}.{suffix}"
    drawn = standalone(answer, drawn_by(found.site, answer, found.question), found.address)
    if suffix == SVG:
        return Making(partial(_write_text, drawn), name)
    return Making(partial(write_png, drawn, found.scale), name, apart=answer.kind in ON_SHAPES)


def _shared(found: Taken) -> Making:
    """How to make the picture that is shown when an answer is shared."""
    answer = found.answer
    draw = drawn_by(found.site, answer, found.question) if drawable(answer) and drawn_whole(answer) else None
    return Making(partial(write_png, share_card(answer, draw), 1), apart=answer.kind in ON_SHAPES)


def _write_text(text: str, file: BinaryIO) -> None:
    file.write(text.encode())


# --- In the page of somebody else -----------------------------------------------------------------------------------------


def framed(found: Taken) -> tuple[str, str]:
    """The document that goes in a frame, and the rules of its own style."""
    answer, site = found.answer, found.site
    face = face_of(address_of(answer.view, Question()), True)
    people = scale(site.release)
    drawn = own_drawing(answer, ground_of(site, found.question))
    picture = _map(found, answer) if answer.kind == MAP else framed_drawing(answer, drawn) if drawn else None
    content = embedded(answer, face, picture, found.address)
    style = style_rules(content) + (drawn.style if drawn else "")
    written = render(
        "incrustar.html.j2",
        title=answer.question,
        canonical=found.address,
        oembed=f"{base_url()}/oembed?url={quote(_own(found), safe='')}",
        asset=asset_url,
        sheets=sheets(f'<body class="incrustado">{content}'),
        style=Markup(style),
        synthetic=site.release.synthetic,
        invented=people[:1].upper() + people[1:],
        content=content,
    )
    return str(written), style


def _own(found: Taken) -> str:
    """The address of the frame itself."""
    plain = f"{base_url()}{found.question.url(f'/incrustar/{found.view.name}')}"
    return with_pin(plain, found.named) if found.named else plain


def _map(found: Taken, answer: Answer) -> Markup:
    question: Any = found.question
    shapes = found.site.shapes(answer.selection.departamento)
    label = f"Mapa. {' '.join(item.plain() for item in answer.sentences[:2])}"
    return painted_map(shapes, answer.figure, answer.selection.nivel, question.lugar, label, found.site.names)


# --- oEmbed ---------------------------------------------------------------------------------------------------------------


def _oembed(served: ServedReleases, query: dict[str, str]) -> Response:
    """The frame of an address of this site, as oEmbed 1.0 describes it; 404 for any other, 501 for another format than JSON."""
    if query.get("format", "json") != "json":
        raise HTTPException(501, "Solo en JSON.")
    asked = urlsplit(query.get("url", ""))
    path = asked.path.removeprefix("/accesible").rstrip("/")
    view = MAPS.get(path) or next(
        (path.removeprefix(start) for start in ("/incrustar/", "/compartir/") if path.startswith(start)), ""
    )
    own = base_url()
    if view not in VIEWS or (own and f"{asked.scheme}://{asked.netloc}" != own):
        raise HTTPException(404, "No es la dirección de una respuesta de este sitio.")
    try:
        found = taken(served, view, asked.query)
    except Refused as error:
        raise HTTPException(404, str(error)) from None
    answer = found.answer
    base = own or f"{asked.scheme}://{asked.netloc}"
    height = min(HEIGHTS.get(answer.kind, HEIGHT), _limit(query.get("maxheight")))
    width = min(WIDTH, _limit(query.get("maxwidth")))
    said = {
        "version": "1.0",
        "type": "rich",
        "title": answer.question,
        "provider_name": "Padrón Abierto",
        "provider_url": base,
        "cache_age": 3600,
        "html": code(answer, found.question.url(""), base, found.named),
        "width": width,
        "height": height,
        "thumbnail_url": f"{base}{with_pin(found.question.url(f'/imagen/{view}.png'), found.site.release.id)}",
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
    }
    return JSONResponse(said, headers={"Cache-Control": BY_OTHERS})


def _limit(text: str | None) -> int:
    return max(1, int(text)) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1 << 20
