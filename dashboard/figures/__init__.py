"""Numbers of one release, and where they come from.

abroad      the published figures of the vote abroad
around      which places are beside which, and where the high figures are
breakdown   a count divided by one dimension or two
by_address  where the filtered API gives the figures of a view
cells       the counts of a cube by any of its columns
changes     what is different from one release to another
compared    a table in two releases, row by row
counted     what a table counts, of whom, where and when
crossings   what the tables of a release cross, and the counts of one cross
database    the tables of a release, to be asked in SQL
datastore   the rows of a table as a program asks for them
diaspora    the people counted abroad, person by person
elections   the elections of a release, and which have figures of a quantity
extracts    the rows and the sums that an address asks of a whole table
few_rows    the rows of a table that are in a few places of its file
freshness   how old each source is, and how old it may be
measures    quantities that can be summed and what is computed from sums
places      where a quantity is found in a release
polling     what the actas of the polling tables say
provenance  sources, read from the manifest
published   one published figure with its evidence
queries     every question that a view asks of the figures
releases    which releases there have been
returns     everything that is counted of one election, unit by unit
slices      the rows of a table with totals, by whom and of when
small       the rows of the small tables, in memory
summed      the sums of some quantities by territory
tables      the tables of a release, with their rows
tiers       places by a share, in tiers with as many people each
turnout     who voted in one place, group by group
units       the units that an election is counted in
used        which tables an answer was made from
whole       every table of a release in one database
"""
