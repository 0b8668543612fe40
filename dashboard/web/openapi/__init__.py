"""The OpenAPI document of a release: what may be asked of it, exactly, so that what keeps to the document is answered.

asking     what may be asked of a table, rows or sums, and which of its parameters depend on each other
document   the whole document
figures    the figures of a table as PxWeb's programs ask for them
schemas    how values are described, and the schemas that are said once
sheets     the sheets to touch of a map
tables     the data of a table
together   which parameters go together, found by asking the contract that reads them
values     the values that only a release has: its tables, its files, its name
views      the files of a view
"""
