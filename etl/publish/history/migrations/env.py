"""How alembic reaches the history: by the connection it is given, never by one of its own."""

from __future__ import annotations

from alembic import context

from etl.publish.history.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
