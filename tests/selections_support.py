"""The selections that the faces of an answer are compared on, and how a promise is asked of all of them."""

from __future__ import annotations

import math
from collections.abc import Callable

from tests.figures_support import ASKED, NO_DATA, ORACLE
from tests.site_support import (
    ON_THE_MAP_PAGE,
    Asking,
    another_format,
    selections,
)

SELECTIONS = selections()
RANKED = 6
FIRST_ROWS = 25
READ, DO_NOT, SHARE = "Leen y escriben", "No leen ni escriben", "No leen ni escriben (%)"


def of_every_selection(check: Callable[[Asking], None]) -> Callable[[list[Asking]], None]:
    """`check` as a test of all selections, which says where it fails."""

    def test(askings: list[Asking]) -> None:
        wrong: list[tuple[str, AssertionError]] = []
        for asking in askings:
            try:
                check(asking)
            except AssertionError as error:
                wrong.append((asking.address, error))
        if wrong:
            where = "\n".join(address for address, _ in wrong)
            raise AssertionError(f"{len(wrong)} of {len(askings)} selections:\n{where}") from wrong[0][1]

    test.__name__, test.__doc__, test.__module__ = check.__name__, check.__doc__, check.__module__
    return test


def formats_of(asking: Asking, view: str) -> tuple[str, str]:
    """The two formats in which the file of a view is read for a selection."""
    return "parquet", another_format(SELECTIONS.index(asking.query) + ON_THE_MAP_PAGE.index(view))


def expected_map(asking: Asking) -> dict[str, str]:
    """Figure as written by code, from the highest to the lowest, worked out from data/source."""
    figures = ORACLE.figures(asking.asked, asking.group, asking.codes)
    write = ASKED[asking.asked].write
    return {code: write(figures[code]) for code in ORACLE.ranked(asking.asked, figures)}


def expected_ranking(asking: Asking) -> list[tuple[str, str]]:
    """(code, figure as written) of the places that are set in order: those whose figure is about enough people."""
    known = [(code, text) for code, text in expected_map(asking).items() if text != NO_DATA]
    return [item for item in known if ORACLE.enough(asking.asked, asking.group, item[0])]


def same_value(published: object, expected: float | None) -> bool:
    """Whether a file's cell is the exact figure; not published is an empty cell, never a zero."""
    if expected is None:
        return published in (None, "")
    return published not in (None, "") and math.isclose(float(published), expected, rel_tol=1e-12, abs_tol=1e-12)
