"""The registry person by person: read where it is, counted, and never copied. Nothing here keeps the values of a person.

databases    a database with the records, which does the work itself
dialects     what each database engine spells differently
engine       the DuckDB of this process, within a memory limit
errors       what stops the job, without any value of a record
files        files of any form, read by DuckDB in this process
grouped      a database without GROUPING SETS: it makes the groups, and they are added up here
job          records in, cubes out, every row accounted for
layout       which column of an extract is which
opened       what a source can be asked once it is open
output       what the job leaves in its private folder
parts        the files that a source is, and the columns that each brings
record       the declared record of one citizen, and why a row is rejected
run          one whole job, from the source to the folder
sheets       sheets of Excel, as text
spark        a registry that an Apache Spark cluster reads and counts
spark_session  a session with its master or its Connect server, within a time
spark_sql    the statement in the SQL of Spark, and the names of its tables
sources      opening a source, whatever it is
ages         the age group of a person at the cut-off and on the day of each election
coding       the words of a record become the published codes
question     what is counted, and the source as the statement sees it
statement    the one SQL statement that counts
streams      text that DuckDB cannot read by itself: compressed, or in Windows-1252
"""
