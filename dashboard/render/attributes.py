"""The attributes of HTML with a hyphen in their name, which no argument in Python can have."""

from __future__ import annotations

from typing import Any


def attributes(**named: str) -> dict[str, Any]:
    """`aria_label="…"` as `{"aria-label": "…"}`, to be given as in `html.Ul(items, **attributes(aria_label="…"))`.

    Its values are texts. What it returns does not say so because the other arguments of an element are no texts (`hidden`,
    `n_clicks`), and what is given by ** could be any of them, as far as a checker of types knows.
    """
    return {name.replace("_", "-"): value for name, value in named.items()}
