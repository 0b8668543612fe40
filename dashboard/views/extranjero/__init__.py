"""The questions about the vote abroad."""
