"""The vote abroad: what may be asked about it and the published figures that answer."""
