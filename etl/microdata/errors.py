"""What stops the job, said without any value of a record."""

from __future__ import annotations


class MicrodataError(Exception):
    """Why the records cannot be counted, in Spanish; the message never holds a value of a record."""
