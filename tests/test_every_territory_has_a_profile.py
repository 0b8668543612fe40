"""Profiles: every territory has one in both modes, light, citable and with its own picture for sharing."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from urllib.parse import urljoin

import httpx
import lxml.etree
import lxml.html
import pytest
from PIL import Image

from dashboard.address.profiles import slugs
from dashboard.web.serving import ServedReleases

HEAVIEST = 40_000


@pytest.fixture(scope="module")
def every_slug(release_path: Path) -> tuple[str, ...]:
    """The part of the address of every profile."""
    return slugs(ServedReleases(release_path).current.territories)


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.largo)])
def test_there_are_364_profiles_and_all_answer_in_both_modes(
    site: str, every_slug: tuple[str, ...], every: int
) -> None:
    """Of the municipios, `make test` asks one of every four; of what is not a municipio, all."""
    assert len(set(every_slug)) == 364, "340 municipios, 22 departamentos, the country and the diaspora"
    municipios = [slug for slug in every_slug if len(slug) == 4 and slug.isdigit()]
    assert len(municipios) == 340
    asked = [slug for slug in every_slug if slug not in municipios or municipios.index(slug) % every == 0]
    titles = set()
    with httpx.Client(base_url=site, headers={"Accept-Encoding": "identity"}) as client:
        for slug in asked:
            visual, plain = client.get(f"/ficha/{slug}"), client.get(f"/accesible/ficha/{slug}")
            assert (visual.status_code, plain.status_code) == (200, 200), slug
            assert len(gzip.compress(plain.content, 6)) <= HEAVIEST, slug
            assert b"<script" not in plain.content
            titles.add(lxml.html.fromstring(visual.text).findtext(".//title"))
    assert len(titles) == len(asked) >= 109, "every profile has a title of its own"


@pytest.mark.parametrize("slug", ["1601", "16", "pais"])
def test_a_profile_has_its_own_picture_and_description(site: str, slug: str) -> None:
    document = lxml.html.fromstring(httpx.get(f"{site}/ficha/{slug}").text)
    tags = {tag.get("property"): tag.get("content") for tag in document.findall(".//meta[@property]")}
    assert tags["og:title"] and tags["og:description"] and tags["og:url"].endswith(f"/ficha/{slug}")
    picture = httpx.get(urljoin(site, tags["og:image"]))
    image = Image.open(io.BytesIO(picture.content))
    assert (picture.status_code, picture.headers["content-type"], image.size) == (200, "image/png", (1200, 630))


def test_an_unknown_code_is_a_page_that_says_so(site: str) -> None:
    for slug in ("9999", "0099", "x", "25"):
        answer = httpx.get(f"{site}/ficha/{slug}")
        assert answer.status_code == 404 and "No hay" in answer.text


def test_neighbours_link_to_each_other(site: str) -> None:
    """Chisec and Cobán share a border: each profile leads to the other."""
    for here, there in (("1613", "1601"), ("1601", "1613")):
        document = lxml.html.fromstring(httpx.get(f"{site}/ficha/{here}").text)
        assert f"/ficha/{there}" in {link.get("href") for link in document.findall(".//section[@class='alrededor']//a")}


def test_search_engines_find_every_page(site: str, every_slug: tuple[str, ...]) -> None:
    tree = lxml.etree.fromstring(httpx.get(f"{site}/sitemap.xml").content)
    found = {node.text for node in tree.iter("{*}loc")}
    assert {f"/ficha/{slug}" for slug in every_slug} <= found  # with PADRON_URL, after it
    assert {"/padron", "/participacion", "/datos/padron_municipal"} <= found
    assert "Sitemap: /sitemap.xml" in httpx.get(f"{site}/robots.txt").text
