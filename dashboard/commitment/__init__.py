"""Commitment GT0105: what is asked for, what is published and how to ask for the rest.

crosses   the crosses asked for and the state of each
openness  how open the data is, by principles and by what the commitment says
petition  the text of a request for what is missing
supply    what the tables of a release cover
"""
