"""The changes of shape of the history, run by alembic.

env       how alembic reaches the database
versions  one module per change, in order
"""
