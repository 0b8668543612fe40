"""A registry smaller, or larger, than the published one: the same groups of people, so many of each that they can be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl import fields
from etl.demo.turnout import Ints

ABROAD_SHARE = 0.15  # of a registry smaller than the published one
#: With fewer people than these in a municipio, a pueblo or a linguistic community would be confidential there, and so hide
#: the others: a smaller registry has only those that have more. Of one so small that few would, those that are a share of
#: the municipio that is usual.
ENOUGH, SHARE = 60, 0.12
MAYA = list(fields.PUEBLOS).index("maya")


def scaled(groups: pd.DataFrame, people: int | None) -> pd.DataFrame:
    """The groups of a registry of exactly `people` (None: as they are), in the same proportions at home, and abroad.

    So few live abroad that of a small registry nothing could be published of them: then they are `ABROAD_SHARE` of it, but
    no more than there are. At home, what is too small in its municipio is counted in the largest of its kind there.
    """
    if people is None:
        return groups
    own = groups["n"].to_numpy()
    abroad = groups["city"].to_numpy() >= 0
    there = max(
        int(own[abroad].sum()) * people // int(own.sum()), min(int(own[abroad].sum()), int(people * ABROAD_SHARE))
    )
    counts = np.where(abroad, _in_proportion(own * abroad, there), _in_proportion(own * ~abroad, people - there))
    usual = (people - there) / groups["municipio"][~abroad].nunique()
    enough = min(ENOUGH, SHARE * usual) * own[~abroad].sum() / max(people - there, 1)
    return _gathered(groups, ~abroad, enough).assign(n=counts)


def _in_proportion(counts: Ints, people: int) -> Ints:
    """`people` shared out as `counts` are."""
    ends = np.cumsum(counts, dtype=np.int64)
    shared: Ints = (ends.astype(object) * people // int(ends[-1])).astype(np.int64)
    return np.diff(shared, prepend=0)


def _gathered(groups: pd.DataFrame, home: np.ndarray, enough: float) -> pd.DataFrame:
    """The groups at home with a pueblo, and of the Maya a community, that has `enough` people in their municipio."""
    place = groups["municipio"].to_numpy()
    pueblo = _largest(groups, groups["pueblo"].to_numpy(), place, home, enough)
    maya = home & (pueblo == MAYA)
    spoken = home & (groups["comunidad"].to_numpy() >= 0)
    known = _largest(groups, groups["comunidad"].to_numpy(), place, spoken, enough)
    main = pd.Series(known[spoken], index=place[spoken]).groupby(level=0).agg(lambda found: found.mode().iloc[0])
    said = np.where(spoken, known, pd.Series(place).map(main).fillna(-1).to_numpy()).astype(np.int64)
    return groups.assign(pueblo=pueblo, comunidad=np.where(maya, said, -1))


def _largest(groups: pd.DataFrame, values: Ints, place: Ints, where: np.ndarray, enough: float) -> Ints:
    """`values` of the groups `where`, with every one that too few people of a place have changed for its most common one;
    but each value stays in the place where it has most people.
    """
    rows = pd.DataFrame({"place": place[where], "value": values[where], "n": groups["n"].to_numpy()[where]})
    people = rows.groupby(["place", "value"])["n"].sum().astype(float)
    common = people.groupby(level="place").idxmax().map(lambda pair: pair[1])
    people[people.groupby(level="value").idxmax()] = enough
    few = people.loc[pd.MultiIndex.from_frame(rows[["place", "value"]])].to_numpy() < enough
    changed = values.copy()
    changed[where] = np.where(few, rows["place"].map(common).to_numpy(), rows["value"].to_numpy())
    return changed
