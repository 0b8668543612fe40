"""What a release has, in the words of whoever harvests it: one reading of its catalogues, written in each vocabulary.

catalog     the datasets of a release with their files, as every vocabulary tells them
ckan        the same as CKAN's Action API tells them
croissant   the tables as Croissant, for who trains models
csvw        the columns of one CSV (CSV on the Web)
dcat        the catalogue as DCAT-AP
open_data   the catalogue as data.json (Project Open Data)
rdf         linked data as JSON-LD and as Turtle
schema_org  a page as schema.org says it
"""
