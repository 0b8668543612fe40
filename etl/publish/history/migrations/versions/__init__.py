"""The shapes of the history of publications, one module per change, in the order of their numbers."""
