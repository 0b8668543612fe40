"""The reading half of CKAN's Action API, so that whatever harvests CKAN reads this site as one more.

actions    what may be asked about datasets, and what is answered
asked      what an action is asked: its parameters, read, and the errors that CKAN says
rows       what may be asked about the rows of a table
routes     the addresses of the actions
solr       the part of Solr's language in which CKAN is searched
"""
