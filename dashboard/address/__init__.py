"""What an address may ask, and the words for it.

abroad       the query string of the pages about the vote abroad
attributes   what is worked out once of a question
basket       the query string of an analysis
catalogue    the query string of the catalogue of data
codes        how PxWeb asks for the values of a dimension
crossable    what the tables of a release cross
crossing     the query string of a cross
extract_parameters  what is accepted of a whole table
extract_query  what the query of an address asks of a whole table
extract_sums  which of its sums mean something
extracts     what may be asked of a whole table
found_places  which places a text typed by a person means
named_release  which release an address names
nicknames    what people call some municipios
own          what the site is called from outside
parameters   what a parameter is, and all that derives from declaring one
people       the people asked about, by sex and by one trait
phrases      people and places in words
profiles     who has a profile
searched     the query string of the search for a place
selection    the query string of the maps, parsed and written
territories  the places of a release and which contains which
typed_words  the words of what a person types
vocabulary   the dimensions of a release and what may be asked of it
"""
