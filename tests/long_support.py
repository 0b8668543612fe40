"""What of many cases is tried in `make test`, and what waits for `make test-largo`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def light_and_long(cases: Iterable[str], every: int) -> list[Any]:
    """Cases to try one by one: one of `every` in `make test`, and the others in `make test-largo`."""
    return [
        case if number % every == 0 else pytest.param(case, marks=pytest.mark.largo)
        for number, case in enumerate(cases)
    ]
