"""/padron: the registry by municipio or departamento. One address, one set of answers, two modes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component
from markupsafe import Markup

from dashboard.filters import LEVELS, URL_NAMES, Parsed, Selection, parse
from dashboard.indicators import CATALOGUE, INDICATORS
from dashboard.pages.model import Page, Request, Screen, face_of, map_frame
from dashboard.people import place_name, scope
from dashboard.provenance import provenance
from dashboard.render import blocks
from dashboard.render.blocks import Face
from dashboard.render.plano import painted_map
from dashboard.render.templates import render
from dashboard.site import Site
from dashboard.view import Answer
from dashboard.vocabulary import BY_EDAD, DIMENSIONS
from dashboard.words import NO_DATA

PATH = "/padron"
#: The parts of the page that an answer fills, by element id.
BLOCKS = (
    "pregunta",
    "bajo-mapa",
    "lateral",
    "edades-palabras",
    "edades-datos",
    "alfabetismo-palabras",
    "alfabetismo-datos",
    "tabla",
    "descargas",
)
CHARTS = {"edades": "padron_edades", "alfabetismo": "padron_alfabetismo"}
EVERYBODY = {"sexo": "Mujeres y hombres", "grupo_edad": "Todas", "alfabetismo": "Todas"}


def parsed(site: Site, query: Mapping[str, str]) -> Parsed:
    """What the address asks for."""
    return parse(query, CATALOGUE, site.territories)


def build(site: Site, request: Request) -> Screen:
    """The whole page for one request."""
    asked = parsed(site, request.query)
    selection = asked.selection
    parts = fill(site, asked, request.face)
    pictures = {name: bars for name, (bars, _) in charts(site, selection).items()}
    mapa = site.answer("padron_mapa", selection)
    drawn = picture(site, mapa, selection) if request.face.accessible else None
    content = skeleton(
        parts | {f"{name}-lienzo": bars for name, bars in pictures.items()},
        form=_form(selection, request.face, site),
        plano=map_frame(site, drawn),
    )
    return Screen(
        title=_title(mapa, selection, site),
        description=" ".join(sentence.plain() for sentence in mapa.sentences[:2]),
        content=(content,),
        query_string=_query(selection),
        state=None if request.face.accessible else state(site, asked),
    )


def skeleton(parts: Mapping[str, Any], form: Markup | None = None, plano: Component | None = None) -> Component:
    """The page's structure with its parts filled. Dash mounts it empty; the server fills it for the first paint."""

    def part(name: str, **more: Any) -> Component:
        return html.Div(parts.get(name), id=name, **more)

    return html.Div(
        [
            part("pregunta"),
            html.Div(form, id="marco-filtros"),
            html.Div(
                [
                    html.Div([plano or html.Div(id="marco-mapa"), part("bajo-mapa")], className="columna-mapa"),
                    part("lateral"),
                ],
                className="rejilla",
            ),
            html.Div(
                [
                    *(
                        html.Figure(
                            [
                                part(f"{name}-palabras"),
                                part(f"{name}-lienzo", className="lienzo"),
                                part(f"{name}-datos"),
                            ],
                            className="grafica",
                        )
                        for name in CHARTS
                    ),
                    part("tabla"),
                    part("descargas"),
                ],
                id="resultados",
            ),
        ],
        className="pagina-padron",
    )


def fill(site: Site, asked: Parsed, face: Face) -> dict[str, Any]:
    """The content of each of BLOCKS."""
    selection = asked.selection
    mapa, lugar = site.answer("padron_mapa", selection), site.answer("padron_lugar", selection)
    figures = {name: site.answer(view, selection) for name, view in CHARTS.items()}
    card = blocks.place_card(lugar, selection, face) if selection.lugar else blocks.invitation()
    filled = {
        "pregunta": blocks.question(mapa, _crumbs(site, selection), asked.notices),
        "bajo-mapa": blocks.legend(mapa),
        "lateral": [card, *blocks.ranking(mapa, selection, face)],
        "tabla": blocks.full_table(mapa, selection, face),
        "descargas": blocks.downloads([mapa, lugar, *figures.values()], selection),
    }
    for name, answer in figures.items():
        filled[f"{name}-palabras"] = blocks.chart_words(answer)
        filled[f"{name}-datos"] = blocks.chart_data(answer, selection, face)
    return filled


def charts(site: Site, selection: Selection) -> dict[str, tuple[Component, Mapping[str, Any]]]:
    """For each chart, its bars without JavaScript and its Plotly figures by theme."""
    edades, alfabetismo = (site.answer(view, selection) for view in CHARTS.values())
    return {
        "edades": (blocks.pyramid_bars(edades.facts), edades.figure),
        "alfabetismo": (blocks.share_bars(alfabetismo.facts), alfabetismo.figure),
    }


def state(site: Site, asked: Parsed) -> dict[str, Any]:
    """The machine face of the answers: what the scripts paint the map, the form, the charts and the window's title with."""
    selection = asked.selection
    mapa = site.answer("padron_mapa", selection)
    accepted = INDICATORS[selection.indicador].accepts()
    return {
        "consulta": selection.url(PATH),
        "titulo": _title(mapa, selection, site),
        "otro_modo": selection.url(face_of(PATH, True).path),
        "nivel": selection.nivel,
        "departamento": selection.departamento or "",
        "lugar": selection.lugar or "",
        "sin_dato": NO_DATA,
        "filtros": {
            name: {"valor": value, "activo": name not in _FILTERED or _FILTERED[name] in accepted}
            for name, value in _form_values(selection).items()
        },
        "graficas": {name: figures for name, (_, figures) in charts(site, selection).items()},
        "anuncio": mapa.sentences[0].plain() if mapa.sentences else mapa.question,
        **{key: mapa.figure[key] for key in ("pintura", "paleta", "unidad")},
    }


_FILTERED = {URL_NAMES[name]: name for name in DIMENSIONS}


def _form_values(selection: Selection) -> dict[str, str]:
    parameters = selection.parameters()
    names = ("indicador", "departamento", *URL_NAMES.values())
    return {name: parameters.get(name, "") for name in names} | {"ver": selection.nivel}


def _form(selection: Selection, face: Face, site: Site) -> Markup:
    values = _form_values(selection)
    accepted = INDICATORS[selection.indicador].accepts()
    fields = [
        _field("indicador", "Indicador", values, _indicator_groups()),
        _field("departamento", "Departamento", values, _options("Todo el país", site.territories.departamentos)),
    ]
    for name, declared in DIMENSIONS.items():
        options = _options(EVERYBODY[name], declared.labels or {})
        fields.append(_field(URL_NAMES[name], _short(declared.title), values, options, active=name in accepted))
    fields.append(_field("ver", "Ver por", values, [("", list(LEVELS.items()))]))
    return render("filtros.html.j2", path=face.path, fields=fields, place=selection.lugar or "")


def _short(title: str) -> str:
    return {"Grupo de edad": "Edad"}.get(title, title)


def _field(name: str, title: str, values: Mapping[str, str], groups: list, active: bool = True) -> dict[str, Any]:
    return {"name": name, "title": title, "value": values[name], "groups": groups, "active": active}


def _options(everything: str, labels: Mapping[str, str]) -> list:
    return [("", [("", everything), *labels.items()])]


def _indicator_groups() -> list:
    groups: dict[str, list[tuple[str, str]]] = {}
    for indicator in INDICATORS.values():
        groups.setdefault(indicator.group, []).append((indicator.name, indicator.title))
    return list(groups.items())


def picture(site: Site, mapa: Answer, selection: Selection) -> Markup:
    label = " ".join(sentence.plain() for sentence in mapa.sentences[:2])
    shapes = site.shapes(selection.departamento)
    return painted_map(shapes, mapa.figure, selection.nivel, selection.lugar, f"Mapa. {label}", site.names)


def _crumbs(site: Site, selection: Selection) -> str:
    where = place_name(scope(selection), site.territories)
    return f"{where} · padrón al {registry_date(site)}"


def registry_date(site: Site) -> str:
    """The day of the registry that the pages are about, in words."""
    return provenance(site.release, [BY_EDAD.name])[0].cutoff_text


def _title(mapa: Answer, selection: Selection, site: Site) -> str:
    where = place_name(selection.lugar or scope(selection), site.territories)
    return f"{mapa.question} {where} | Padrón Abierto"


def _query(selection: Selection) -> str:
    return selection.url("")


PAGE = Page(
    path=PATH,
    name="Padrón",
    build=build,
    scripts=("buscador.js", "mapa.js", "sitio.js"),
    live=True,
)
