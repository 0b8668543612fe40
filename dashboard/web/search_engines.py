"""What others need to find and to show the site: its own address and the list of its pages."""

from __future__ import annotations

from xml.sax.saxutils import escape

from dashboard.address.own import ADDRESS_VARIABLE, base_url
from dashboard.address.profiles import slugs
from dashboard.pages import PAGES
from dashboard.site import Site

__all__ = ["ADDRESS_VARIABLE", "base_url", "sitemap_xml"]

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_xml(site: Site, base: str) -> str:
    """Every page and every profile, in the sitemap protocol (sitemaps.org)."""
    fixed = [page.path for page in PAGES if "{" not in page.path and page.path != "/buscar"]
    datasets = [f"/datos/{entry['nombre']}" for entry in site.release.manifest["datasets"]]
    paths = [*fixed, *datasets, *(f"/ficha/{slug}" for slug in slugs(site.territories))]
    entries = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in paths)
    return f'{HEADER}<urlset xmlns="{SCHEMA}">{entries}</urlset>'
