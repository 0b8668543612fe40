"""Why something was done: what a release that is withdrawn says to whoever looks for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """From operations without a reason."""
    op.add_column("operaciones", sa.Column("motivo", sa.Text))


def downgrade() -> None:
    """Back to operations without a reason."""
    op.drop_column("operaciones", "motivo")
