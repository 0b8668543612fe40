"""The registry person by person: read where it is, counted, and never copied. Nothing here keeps the values of a person.

databases    a database with the records, which does the work itself
dialects     what each database engine spells differently
errors       what stops the job, without any value of a record
files        CSV and Parquet, read by DuckDB in this process
job          records in, cubes out, every row accounted for
layout       which column of an extract is which
opened       what a source can be asked once it is open
output       what the job leaves in its private folder
record       the declared record of one citizen, and why a row is rejected
run          one whole job, from the source to the folder
sources      opening a source, whatever it is
coding       the words of a record become the published codes
question     what is counted, and the source as the statement sees it
statement    the one SQL statement that counts
windows1252  how DuckDB is made to read Windows-1252
"""
