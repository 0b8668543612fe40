"""What can be done with an answer: to go on from it, to hear it, to send it and to print it."""

from __future__ import annotations

from dashboard.kinds import comparacion
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html


def of_place(facts: comparacion.Facts, root: str, without: str) -> Component:
    """What can be done with the chosen place, in the mode whose addresses begin with `root`; `without` is the address of the page
    without it. What only a script does is there when scripts are.
    """
    code = next(iter(facts.names))
    leave = html.A("Quitar", href=without, **Attributes({"data-lugar": ""}))
    return html.Ul(
        [
            html.Li(html.A("Ficha", href=f"{root}/ficha/{code}")),
            html.Li(html.A("Comparar", href=f"{root}/comparar?lugares={code}")),
            *does_here(".frase"),
            html.Li(leave),
        ],
        className="acciones",
    )


def does_here(heard: str) -> list[Component]:
    """The buttons that a script answers: to listen to what the selector `heard` finds near them, to share and to print."""
    told = (
        ("Escuchar", Attributes({"data-escuchar": heard})),
        ("Compartir", Attributes({"data-enviar": ""})),
        ("Imprimir", Attributes({"data-imprimir": ""})),
    )
    return [
        html.Li(html.Button(title, type="button", **attributes), className="solo-con-js") for title, attributes in told
    ]
