"""The attributes of HTML whose names Python cannot take as a keyword: they are given to a component as `**Attributes(…)`.

Dash takes any name that begins with `aria-` or `data-`. A plain dictionary might as well hold any other name, and what it
holds could not be checked.
"""

from __future__ import annotations

from typing import TypedDict

Attributes = TypedDict(
    "Attributes",
    {
        "aria-current": str,
        "aria-hidden": str,
        "aria-label": str,
        "aria-labelledby": str,
        "data-codigo": str,
        "data-copiar-de": str,
        "data-destino": str,
        "data-detalle": str,
        "data-enviar": str,
        "data-escuchar": str,
        "data-imprimir": str,
        "data-lugar": str,
        "data-lugares": str,
        "data-nacional": str,
        "data-propio": str,
        "data-tarjeta": str,
        "data-vigente": str,
    },
    total=False,
)
