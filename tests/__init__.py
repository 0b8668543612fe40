"""One file per promise; shared by all: `conftest.py` (fixtures) and `browser_support.py` (site and browser)."""
