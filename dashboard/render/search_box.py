"""The field where a person writes the municipio they live in, with its question, its help and some examples to follow.

A page has one at the most: its input is the one that `assets/buscador.js` makes a combobox of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from dashboard.render.jinja import render


class Example(NamedTuple):
    """A place that the field may lead to, by its name and its address."""

    name: str
    href: str


def search_box(
    root: str,
    places_url: str,
    examples: Sequence[Example] = (),
    *,
    value: str = "",
    topic: str | None = None,
    heading: bool = False,
) -> Markup:
    """The field, in the mode whose addresses begin with `root` ("" or «/accesible»). `value` is what was already typed; `topic`,
    the one whose figures are wanted of the place; `heading` says whether its question is the heading of the page.
    """
    return render(
        "busqueda.html.j2",
        root=root,
        places_url=places_url,
        examples=examples,
        value=value,
        topic=topic,
        heading=heading,
    )
