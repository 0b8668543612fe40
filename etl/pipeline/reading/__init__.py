"""A file as a person made it, as the plain table that a dataset declares; what had to be set right is said, nothing guessed.

grid     the cells of a sheet or of a text file, as text with their places
kinds    what a file is by its content, when it is nothing that can be read
text     a CSV: its encoding, its separator, its rows
sheet    an XLSX: its sheets, with only the rows that have something
layout   where the table is: titles, header, page breaks, totals and notes
totals   rows that add up others, compared with what they add up
repair   numbers, codes and spaces that a whole column writes in another way
"""
