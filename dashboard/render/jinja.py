"""The frame around every page, in Jinja2: header, search, footer. What goes inside comes from component trees."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    auto_reload=False,
)


def render(template: str, **context: object) -> Markup:
    """`template` with `context`, everything escaped but what is Markup already."""
    return Markup(ENVIRONMENT.get_template(template).render(**context))
