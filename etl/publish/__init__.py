"""From a result of the pipeline to a release, and what changes with it.

contents    the files of a release and its manifest
package     what each file of a release is, as a Data Package
told        what each published row says of itself
parquet     one table as Parquet
pairs       a table before and after, and how its sums moved
before      earlier releases with cubes that are lost or changed
suspicions  what looks wrong beside the current release
compare     what a new release would change
change      the change of the current release, written down before and after
preview     a comparison as a preview tells it
analyses    what others published with its figures
register    the list of releases that the site reads
state       the last runs and what waits, for the site to tell
history     who published what and when
"""
