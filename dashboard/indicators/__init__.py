"""The indicators of the site, by topic. A name means the same everywhere, so no two topics share one.

model            what an indicator and a topic are
padron           indicators of the registry
cortes           how the registered changed between two cut-offs
participacion    indicators of municipal elections
papeletas        votes for every hundred ballots received
by_cutoff        an indicator as of one cut-off
by_election      an indicator as it is asked for: in one election, for one group
characteristics  how places are, by their census
fallacy          an example of what places cannot say of persons
offers           what a release lets an address ask
readings         a figure in a place, in words
"""

from __future__ import annotations

from dashboard.figures.measures import Unaskable
from dashboard.indicators import padron, participacion
from dashboard.indicators.model import Finding, Indicator, Topic

TOPICS: dict[str, Topic] = {topic.name: topic for topic in (padron.TOPIC, participacion.TOPIC)}
INDICATORS: dict[str, Indicator] = {
    indicator.name: indicator for topic in TOPICS.values() for indicator in topic.indicators
}


def indicator(name: str) -> Indicator:
    """The indicator called `name`; Unaskable for "", which is the name that an address asks for when the release has no
    indicator of its topic."""
    if name not in INDICATORS:
        raise Unaskable("no hay ningún indicador que se pueda calcular")
    return INDICATORS[name]


__all__ = ["INDICATORS", "TOPICS", "Finding", "Indicator", "Topic", "indicator"]
