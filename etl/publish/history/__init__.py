"""What was published, when, by whom and from what: a small database, SQLite by default or any that SQLAlchemy speaks to.

store       operations written down before they are done and closed after
folder      the name of a folder of releases
tables      the tables of the database
migrations  how its shape changed, one file per change (alembic)
"""

from etl.publish.history.store import FILE, Entry, History, HistoryError
from etl.publish.history.tables import Action, Outcome

__all__ = ["FILE", "Action", "Entry", "History", "HistoryError", "Outcome"]
