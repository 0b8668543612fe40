"""A release: one flat folder of files that never changes, and the atomic rename that makes it the current one.

names     what its files are called, how its own name is made, its errors
facts     what manifest.json says
cited     how what is published is cited
spoken    what a command line says by itself, in Spanish
disk      files written whole or not at all, and what a disk says when it cannot
verified  whether each file is what was published
periods   how often a new delivery of a source is expected
opened    a release that is there
preview   how a release that is not published yet differs from the current one
state     what the ETL leaves beside the releases for the site to read
remote    one that a site serves, brought by its address
past      what the kept ones told of people, and whether none is lost or changed
analyses  what others published with their figures
register  which there have been, since when, and which were withdrawn
writing   how one gets to the disk and becomes the current one
older     the good one before one that cannot be served
"""

from etl.release.disk import reason
from etl.release.facts import (
    Content,
    CorrectionFacts,
    DatasetFacts,
    EarlierFacts,
    FileFacts,
    InputFacts,
    Losses,
    LossFacts,
    Manifest,
    Mark,
    NoticeFacts,
    RejectionFacts,
    SourceFacts,
)
from etl.release.names import (
    CATALOGUES,
    CURRENT,
    DATAPACKAGE,
    MANIFEST,
    NAME,
    SEAL,
    DamagedError,
    LockedError,
    ReleaseError,
)
from etl.release.opened import Release
from etl.release.past import Kept, Past, past_of
from etl.release.writing import OnFile, make_current, only_one, publish, releases, write

__all__ = [
    "CATALOGUES",
    "CURRENT",
    "DATAPACKAGE",
    "MANIFEST",
    "NAME",
    "SEAL",
    "Content",
    "CorrectionFacts",
    "DamagedError",
    "DatasetFacts",
    "EarlierFacts",
    "FileFacts",
    "InputFacts",
    "Kept",
    "LockedError",
    "LossFacts",
    "Losses",
    "Manifest",
    "Mark",
    "NoticeFacts",
    "OnFile",
    "Past",
    "RejectionFacts",
    "Release",
    "ReleaseError",
    "SourceFacts",
    "make_current",
    "only_one",
    "past_of",
    "publish",
    "reason",
    "releases",
    "write",
]  # fmt: skip
