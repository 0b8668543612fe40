"""What others need to find and to show the site: its own address and the list of its pages."""

from __future__ import annotations

import os
from xml.sax.saxutils import escape

from starlette.requests import Request

from dashboard.address.profiles import slugs
from dashboard.pages import PAGES
from dashboard.site import Site

#: Where the site is, when it stands behind a proxy that does not say it.
ADDRESS_VARIABLE = "PADRON_URL"
HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def base_url(http: Request) -> str:
    """The site's own address, without a final slash: what the operator declared, or what the request was made to."""
    return (os.environ.get(ADDRESS_VARIABLE) or str(http.base_url)).rstrip("/")


def sitemap_xml(site: Site, base: str) -> str:
    """Every page and every profile, in the sitemap protocol (sitemaps.org)."""
    fixed = [page.path for page in PAGES if "{" not in page.path and page.path != "/buscar"]
    datasets = [f"/datos/{entry['nombre']}" for entry in site.release.manifest["datasets"]]
    paths = [*fixed, *datasets, *(f"/ficha/{slug}" for slug in slugs(site.territories))]
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    return f'{HEADER}<urlset xmlns="{SCHEMA}">{entries}</urlset>'
