"""Promise: what the site leans on in Dash without Dash promising it is in one module, and does what we count on."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import httpx
import pytest
from dash import Dash, Input, Output, dcc, html
from dash.backends import get_backend
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from plotly.utils import PlotlyJSONEncoder

from dashboard.render import dash_doors
from dashboard.render.dash_doors import (
    Component,
    DependencyException,
    QuietDash,
    is_html,
    open_no_websocket,
    properties_of,
    tag_of,
)
from dashboard.render.html import to_html
from tests.browser_support import ROOT
from tests.release_support import run_apart

DOORS = Path(dash_doors.__file__)
#: What Dash documents and the site uses by its name in `dash`.
DOCUMENTED = {"ClientsideFunction", "Dash", "Input", "Output", "dcc", "html", "no_update"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the site but the doors, by its path."""
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        if path != DOORS:
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def quiet() -> tuple[QuietDash, FastAPI]:
    """An application like the site's, and the server that it is on."""
    server = FastAPI()
    return QuietDash("prueba", server=server, backend="fastapi"), server


def answers(server: FastAPI, *addresses: str, body: object = None) -> list[httpx.Response]:
    """What the server answers to each address, in this process; to the body, when there is one."""

    async def ask() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(server), base_url="http://prueba") as client:
            if body is not None:
                return [await client.post(address, json=body) for address in addresses]
            return [await client.get(address) for address in addresses]

    return run_apart(ask)


# --- In one module ----------------------------------------------------------------------------------------------------


def test_no_other_module_imports_what_dash_does_not_document() -> None:
    imported = [
        (name, f"{node.module}.{item.name}")
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dash"
        for item in node.names
    ]
    assert len(imported) > 5
    assert [one for one in imported if one[1] not in {f"dash.{name}" for name in DOCUMENTED}] == []
    whole = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Import) and any(item.name.split(".")[0] == "dash" for item in node.names)
    ]
    assert whole == []


def test_no_other_module_asks_for_a_private_name_of_dash() -> None:
    private = {name for kind in (Dash, Component) for name in dir(kind) if re.match("_[a-z]", name)} | {
        "to_plotly_json",
        "websocket_capability",
    }
    used = [
        (name, node.attr)
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in private
    ]
    overridden = [
        (name, method.name)
        for name, tree in modules()
        for kind in ast.walk(tree)
        if isinstance(kind, ast.ClassDef) and any("Dash" in ast.unparse(base) for base in kind.bases)
        for method in kind.body
        if isinstance(method, ast.FunctionDef) and method.name in private
    ]
    assert used == overridden == []


# --- What each must do ------------------------------------------------------------------------------------------------


def test_the_server_offers_a_websocket_unless_its_class_says_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_backend("fastapi"), "websocket_capability", True)
    app, _ = quiet()
    assert "websocket" in json.loads(config_of(app))
    open_no_websocket()
    app, _ = quiet()
    assert "websocket" not in json.loads(config_of(app))


def config_of(app: QuietDash) -> str:
    """The JSON of the configuration that an application hands over."""
    found = re.fullmatch(r'<script id="_dash-config" type="application/json">(.*)</script>', app.config_html(), re.S)
    assert found, app.config_html()
    return found[1]


def test_the_configuration_is_the_same_on_every_visit_once_its_signature_is_left_out() -> None:
    app, _ = quiet()
    assert app.config_html() == app.config_html()
    theirs = [Dash._config(Dash("prueba", server=FastAPI(), backend="fastapi")) for _ in range(2)]
    assert theirs[0]["end_id"] != theirs[1]["end_id"]
    assert {*theirs[0]} - {"end_id"} == {*json.loads(config_of(app))}


def test_the_scripts_are_tags_without_content_and_every_one_is_served() -> None:
    open_no_websocket()
    app, server = quiet()
    app.layout = html.Div(id="nada")
    tags = app.scripts_html().splitlines()
    sources = [re.fullmatch(r'<script src="([^"]+)"></script>', tag)[1] for tag in tags]
    # Those that the site leaves out or sends later are known by these words.
    assert sum("polyfill" in one for one in sources) == sum("dash_renderer" in one for one in sources) == 1
    assert any("dash_table" in one for one in sources) and any("dash_core" in one for one in sources)
    assert [str(one.url) for one in answers(server, *sources) if one.status_code != 200] == []


def test_the_script_of_dash_starts_in_the_element_and_the_configuration_that_the_page_has() -> None:
    renderer = files("dash") / "dash-renderer" / "build" / "dash_renderer.min.js"
    script = renderer.read_text(encoding="utf-8")
    assert "react-entry-point" in script and "_dash-config" in script


def test_a_script_that_dash_does_not_have_is_an_error_that_the_site_can_answer() -> None:
    app, server = quiet()
    app.layout = html.Div()

    @server.exception_handler(DependencyException)
    def missing(request: object, error: DependencyException) -> PlainTextResponse:
        return PlainTextResponse("la página del sitio", status_code=404)

    asked = [f"/_dash-component-suites/{path}" for path in ("dash/no-existe.js", "no_existe/nada.js")]
    assert [(one.status_code, one.text) for one in answers(server, *asked)] == [(404, "la página del sitio")] * 2


def test_the_elements_of_html_say_their_tag_and_what_they_were_given() -> None:
    link = html.A(["Ir a ", html.B("Cobán")], href="/ficha/1601", className="enlace", **{"data-lugar": "1601"})
    assert isinstance(link, Component) and is_html(link) and tag_of(link) == "a"
    properties = properties_of(link)
    assert {name: properties[name] for name in properties if name != "children"} == {
        "href": "/ficha/1601",
        "className": "enlace",
        "data-lugar": "1601",
    }
    assert [tag_of(child) for child in properties["children"] if is_html(child)] == ["b"]
    assert {tag_of(getattr(html, name)()) for name in ("H1", "Div", "Table", "Td", "Section")} == {
        "h1", "div", "table", "td", "section"
    }  # fmt: skip


@pytest.mark.parametrize("node", [dcc.Store(id="a"), dcc.Graph(), "texto", 3, None, [html.P()]])
def test_nothing_else_passes_for_an_element_of_html(node: object) -> None:
    assert not is_html(node)


def test_a_callback_of_the_site_is_registered_as_dash_says() -> None:
    """The live pages ask through these two addresses, which are in the scripts of Dash."""
    app, server = quiet()
    app.layout = html.Div([dcc.Store(id="entra"), html.P(id="sale")])

    @app.callback(Output("sale", "children"), Input("entra", "data"))
    def answered(data: object) -> str:
        return f"vino {data}"

    body = {
        "output": "sale.children",
        "outputs": {"id": "sale", "property": "children"},
        "inputs": [{"id": "entra", "property": "data", "value": 7}],
        "changedPropIds": ["entra.data"],
    }
    ((known,),) = [one.json() for one in answers(server, "/_dash-dependencies")]
    assert known["output"] == "sale.children" and known["inputs"] == [{"id": "entra", "property": "data"}]
    (answer,) = answers(server, "/_dash-update-component", body=body)
    assert answer.json()["response"] == {"sale": {"children": "vino 7"}}


def test_the_elements_of_the_site_are_those_of_dash_made_faster() -> None:
    given = {"href": "/ficha/1601", "className": "enlace", "id": "x", "data-lugar": "1601", "aria-label": "Cobán"}
    ours, theirs = (of.A(["Ir a ", of.B("Cobán"), of.Br()], **given) for of in (dash_doors.html, html))
    written = [json.dumps(item, cls=PlotlyJSONEncoder, sort_keys=True) for item in (ours, theirs)]
    assert written[0] == written[1] and isinstance(ours, html.A)
    assert dict(properties_of(ours)) | {"children": 0} == dict(properties_of(theirs)) | {"children": 0}
    assert to_html(ours) == to_html(theirs)
    for of in (dash_doors.html, html):
        with pytest.raises(TypeError):
            of.A("Ir", hrref="/ficha/1601")
