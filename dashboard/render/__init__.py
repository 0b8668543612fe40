"""Faces of an Answer: Dash components, plain HTML, files, painted map. Pure functions.

about       what a file says once
abroad      blocks of the pages abroad
actions     what can be done with an answer
around      the map in words
attributes  the attributes of HTML that are no keywords
blocks      blocks of every page
braille     Spanish as cells of braille
calor       the heat table of a cross
card        a place by group, and among its peers
changes     what is different from one release to another, in words and as files
chosen      the chosen place in a sheet that a phone keeps in sight
charts      a chart that stands by itself
curves      lines and strips cut out of a box
dash_doors  every name of Dash that Dash does not promise to keep
dictionary  what every column of the tables is
diaspora    the people counted abroad: tiles, matrix, ages
diaspora_vote  who of them voted
documents   what can be taken of some figures gathered
embedded    an answer inside the page of somebody else
feed        the releases as an Atom feed
extract_examples  questions that a release answers, as examples
extracts    what was asked of a whole table, in each format
files       an answer as a table for files
formats     the formats of files
html        components as plain HTML
icons       the shapes that stand for a state
inert       text that no spreadsheet runs
jinja       the frame around every page
jsonstat    a table of figures as JSON-stat has it
legend      what is under a map
lines       rows as lines of CSV
lugares     places grouped by their census
mesas       the actas of the polling tables
metadata    what a release has, as machines harvest it
missing     adults who are not registered, side by side
nist        the results of an election as NIST SP 1500-100 writes them
notebooks   worked analyses as the notebooks that analysts open
ocd         the identifiers of places as Open Civic Data lists them
packed      documents that are a ZIP inside
pictures    bars of the first paint
plano       the painted map of the country
plano_eeuu  the painted map of the United States
preview     the picture shown when a profile is shared
quien_vota  the charts of who votes
quien_vota_lines  the ones of them that are lines
records     rows as objects of JSON
report      the draft of an analysis
report_docx  as a Word document
report_markdown  in Markdown
report_odt  as an OpenDocument text
rows        the rows of a table, written at once
search_box  the field where a person writes the municipio they live in
share_card  the picture shown when an answer is shared
sheets      a table for files, in each format
snippets    how a table is opened in the programs that people have
source_list  the sources of a release as a table
standards   the files of a release in the standards of elections
standalone  a picture that goes by itself, as SVG and PNG
standalone_abroad  its charts of people abroad
standalone_bars  its bars
standalone_heat  its heat tables
standalone_lines  its lines of who votes
standalone_map  its maps of the country
standalone_parts  the strokes, keys and scales of all of them
standalone_places  its strips of places
standalone_polling  its polling tables and elections
standalone_sides  its figures side by side
standalone_states  its maps of the United States
standalone_voters  its bars and its pyramid of who votes
tables      a whole table in other formats
tactile     a map to be touched
told        what each row of a view says of itself
whole       a whole release in one file
workbook    a table as an Excel workbook
"""
