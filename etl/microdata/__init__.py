"""The registry person by person: read where it is, counted, and never copied.

`layout` says which column is which, `sources` opens files or a database, `statement` is the one SQL statement that
counts, `job` runs it and accounts for every row, `report` writes what was rejected. Nothing here keeps a person's values.
"""
