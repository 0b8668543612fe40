"""Comparing and counting Spanish words."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """`text` without accents, capitals or repeated spaces, to compare names: «San José  Pinula» = «SAN JOSE PINULA»."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
