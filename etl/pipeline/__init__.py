"""From one source file to typed tables; the modules are the verbs, in this order.

provenance  what a `fuente.toml` says: where the files of a folder come from
bind        a dataset and its `fuente.toml`
read        files to raw rows of text
trep        the tribunal's own layout by polling table
correct     corrections declared as data
conform     text to typed columns
place       the rows of several files as one, and the way back to the file
validate    finished tables against their declaration
run         the steps in order, and the account of every row
"""
