"""What others need to find and to show the site: its own address and the list of its pages."""

from __future__ import annotations

import os
import re
from xml.sax.saxutils import escape

from dashboard.address.own import base_url
from dashboard.address.profiles import slugs
from dashboard.pages import PAGES
from dashboard.render.metadata.catalog import Catalog, day_of
from dashboard.site import Site
from etl.release import Release

#: Where whoever operates the site is written to: «datos@example.org».
MAILBOX_VARIABLE = "PADRON_CORREO"
MAILBOX = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
SCHEMA = "http://www.sitemaps.org/schemas/sitemap/0.9"


def catalog_of(release: Release) -> Catalog:
    """What a release has, as others find it: with the address of the site and of whoever operates it, if they were declared."""
    mailbox = os.environ.get(MAILBOX_VARIABLE, "").strip()
    return Catalog(release, base_url(), mailbox if MAILBOX.fullmatch(mailbox) else "")


def sitemap_xml(site: Site, base: str) -> str:
    """Every page and every profile, in the sitemap protocol (sitemaps.org), each as of the day of the release."""
    fixed = [page.path for page in PAGES if "{" not in page.path and page.path != "/buscar"]
    datasets = [f"/datos/{entry['nombre']}" for entry in site.release.manifest["datasets"]]
    paths = [*fixed, *datasets, *(f"/ficha/{slug}" for slug in slugs(site.territories))]
    day = f"<lastmod>{day_of(site.release.id)}</lastmod>"
    entries = "".join(f"<url><loc>{escape(base + path)}</loc>{day}</url>" for path in paths)
    return f'{HEADER}<urlset xmlns="{SCHEMA}">{entries}</urlset>'
