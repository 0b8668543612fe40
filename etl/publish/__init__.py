"""From a result of the pipeline to a release, and what changes with it.

contents  the files of a release, its manifest and its datapackage
parquet   one table as Parquet
compare   what a new release would change, and what looks wrong
change    the change of the current release, written down before and after
history   who published what and when
"""
