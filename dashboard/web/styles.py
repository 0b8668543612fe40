"""Which style sheets a document needs: the common one, and those parts with a rule for something that the document has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dashboard import ASSETS

COMMON = "estilos.css"
#: The parts of the style, in the order in which they are read: a later one may change what an earlier one says.
PARTS = (
    "filtros",
    "figuras",
    "mapa",
    "ficha",
    "inicio",
    "buscar",
    "textos",
    "extranjero",
    "que-falta",
    "faltan",
    "estado",
    "compartir",
    "apertura",
    "publicaciones",
    "vista-previa",
    "mesas",
    "lugares",
    "cruces",
    "diaspora",
    "quien-vota",
    "analisis",
)
#: What only scripts put in a page, or the document around what is built: no rule is left out for want of it.
ALWAYS_THERE = frozenset((".abierto", ".con-foco", ".con-js", ".con-vivo", "html", "body", "main"))
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PIECE = re.compile(r"([^{}]*)([{}])")
BETWEEN_SELECTORS = re.compile(r",(?![^()]*\))")
#: One of several, in a selector; and what it excludes or says of the state of an element, which a document need not have.
ONE_OF = re.compile(r":(?:is|where)\(((?:[^()]|\([^()]*\))*)\)")
NOT_THERE = re.compile(r":(?:not|nth-[a-z-]+)\((?:[^()]|\([^()]*\))*\)|\[[^\]]*\]|::?[a-z-]+")
NAMED = re.compile(r"[.#]?[A-Za-z_][\w-]*")
#: How a document says the classes of an element.
CLASSES = ' class="'


def sheet_of(part: str) -> str:
    """The file of one of PARTS."""
    return f"estilos-{part}.css"


def sheets(written: str) -> tuple[str, ...]:
    """The style sheets for a piece of HTML, in order: COMMON, and every part that may have a rule for it."""
    # Plain searches, of a plain text: in a long page regular expressions take several times as long.
    said = {piece[: piece.find('"')] for piece in str.split(written, CLASSES)[1:]}
    classes = {f".{name}" for names in said for name in names.split()}
    others = (name for name, how in _not_classes().items() if str.find(written, how) >= 0)
    has = ALWAYS_THERE.union(classes, others)
    needed = (part for part in PARTS if any(wanted <= has for wanted in _wanted_by(part)))
    return (COMMON, *(sheet_of(part) for part in needed))


@cache
def _not_classes() -> dict[str, str]:
    """The elements and the identifiers that some rule is for, with how a document says them."""
    names = {name for part in PARTS for wanted in _wanted_by(part) for name in wanted}
    return {name: f'id="{name[1:]}"' if name[0] == "#" else f"<{name}" for name in names if name[0] != "."}


@cache
def _wanted_by(part: str) -> tuple[frozenset[str], ...]:
    """For each rule of a part, what a document must have for the rule to be of any use; the shortest first, each once."""
    wanted = set(_wanted((ASSETS / sheet_of(part)).read_text(encoding="utf-8")))
    return tuple(sorted(filter(None, wanted), key=len))  # a rule for any document only helps others of its part


def _wanted(css: str) -> Iterator[frozenset[str]]:
    within: list[
        bool
    ] = []  # of each block that is open, whether it is a rule: what is nested in one needs what it needs
    for said, brace in PIECE.findall(COMMENT.sub("", css)):
        if brace == "}":
            within.pop()
            continue
        rule = said.rpartition(";")[2].strip()
        if not rule.startswith("@") and not any(within):
            for selector in BETWEEN_SELECTORS.split(rule):
                yield from map(frozenset, _each(selector))
        within.append(not rule.startswith("@"))


def _each(selector: str) -> Iterator[set[str]]:
    """What a document must have for a selector to choose something, for each of the ways in which it may."""
    several = ONE_OF.search(selector)
    if several:
        for one in BETWEEN_SELECTORS.split(several[1]):
            yield from _each(f"{selector[: several.start()]}{one.strip()}{selector[several.end() :]}")
    else:
        yield set(NAMED.findall(NOT_THERE.sub(" ", selector)))
