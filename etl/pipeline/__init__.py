"""From one source file to typed tables; the modules are the verbs, in this order.

deliveries  which file of a source is the current one
read        files to raw rows of text
trep        the tribunal's own layout by polling table
correct     corrections declared as data
conform     text to typed columns
validate    finished tables against their declaration
run         the steps in order, and the account of every row
"""
