"""From one source file to typed tables; the modules are the verbs, in this order.

facts       a TOML file as typed facts
provenance  what a `fuente.toml` says: where the files of a folder come from
clock       what day it is in the country
bind        a dataset and its `fuente.toml`
deliveries  what a new delivery adds to a `fuente.toml` and what it replaces
read        files to raw rows of text
trep        the tribunal's own files by polling table, in every form
reading     a plain table as people make it: what is set right, what is refused
correct     corrections declared as data
conform     text to typed columns
place       the rows of several files as one, and the way back to the file
figures     figures gathered one by one, each with its quote, as rows
drivers     what to install to reach a database
validate    finished tables against their declaration
run         the steps in order, and the account of every row
"""
