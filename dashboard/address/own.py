"""What the site is called from outside."""

from __future__ import annotations

import os

#: Where the site is, for those who find it elsewhere: «https://padron.example.org».
ADDRESS_VARIABLE = "PADRON_URL"


def base_url() -> str:
    """The site's own address, without a final slash, as the operator declared it; "" when nobody did, and then addresses are
    relative: what a visitor says that the site is called is never written in a page that others read.
    """
    return os.environ.get(ADDRESS_VARIABLE, "").rstrip("/")
