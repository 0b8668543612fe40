"""What was published, when, by whom and from what: a small database, SQLite by default or any that SQLAlchemy speaks to."""

from etl.history.store import FILE, Entry, History, HistoryError
from etl.history.tables import Action, State

__all__ = ["FILE", "Action", "Entry", "History", "HistoryError", "State"]
