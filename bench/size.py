"""How much of everything a benchmark does. FULL is what is published; the tests pass less, to see that it works."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser

from bench.figures import RELEASE, ROOT, Run, timed

#: A slow 4G as Lighthouse defines it, and a good day on a rural line: 1.6 Mbit/s with 150 ms of latency.
SLOW_LINE: Mapping[str, float] = {"latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750}


@dataclass(frozen=True)
class Size:
    """What a benchmark works on and how many times.

    `folder` takes the files of the run; who makes it removes it, and benchmarks that are run together share there the
    invented registry. `people` is how many are invented (None: as many as are registered), and `many`, the ten times
    more. `tables` is how many polling tables of each municipio there are in the files of the TREP (None: all). `layout`
    says which columns of the registry are counted (None: all), and `election`, whose turnout (None: of none). `project`
    is the copy of the project that is built and published, and `release` the one that is served. `site` is the address
    of a site that already answers and `browser` a browser that is open (None: the benchmark starts its own). `line` is
    the one that a page is loaded over, as Chromium emulates it. `screens` is how far down it is read, `changes` how
    many times a filter is changed, and `departamentos` how many are asked for or counted. `demonstration` is the release of one
    that is already made (None: the benchmark makes it), `seconds` how long readers ask without rest, and `selections` how many
    questions at random each of its pages is asked. `downloads` is how many people download a table at once, and `rows`, how
    many the longest table asked by address has. `installed` says that a clean clone finds its environment and its release
    already made. `run` runs `python …` from a
    folder and measures it.
    """

    folder: Path
    runs: int = 3
    people: int | None = None
    many: int = 100_000_300
    tables: int | None = None
    layout: Path | None = None
    election: str | None = "2023-1"
    project: Path = ROOT
    release: Path = RELEASE
    site: str | None = None
    browser: Browser | None = None
    line: Mapping[str, float] = field(default_factory=lambda: SLOW_LINE)
    screens: int = 80
    changes: int = 20
    departamentos: int = 22
    demonstration: Path | None = None
    seconds: int = 10
    selections: int = 60
    downloads: int = 100
    rows: int = 1_000_000
    installed: bool = False
    run: Callable[[Sequence[str], Path], Run] = timed
