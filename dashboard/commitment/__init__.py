"""Commitment GT0105: what is asked for, what is published and how to ask for the rest.

crosses   the crosses asked for and the state of each
petition  the text of a request for what is missing
supply    what the tables of a release cover
"""
