"""The national map on the wire, beside the same borders drawn by a Plotly choropleth."""

from __future__ import annotations

from pathlib import Path

import plotly

from bench.figures import ROOT, Figure, gzipped
from bench.size import Size


def measure(size: Size) -> list[Figure]:
    """Gzipped bytes of the geometry alone, and of all that a browser needs to draw it and answer to it."""
    geometry, geojson = size.release / "mapa_nacional.json", size.release / "limites_municipios.geojson"
    script = ROOT / "assets" / "mapa.js"
    # Plotly comes with Dash, which does not ask for it by its own name.
    plotly_js = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    departments = sorted(size.release.glob("mapa_[0-9][0-9].json"))
    return [
        Figure("geometría del mapa nacional", gzipped(geometry), "bytes", 32_000, "GeoJSON", gzipped(geojson)),
        Figure(
            "mapa nacional con su programa",
            gzipped(geometry, script),
            "bytes",
            other_title="GeoJSON y plotly.min.js",
            other=gzipped(geojson, plotly_js),
        ),
        Figure("mapa departamental más grande", max(map(gzipped, departments)), "bytes", 30_000),
    ]
