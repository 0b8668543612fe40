"""The registry's breakdowns, from exact counts to what is published of them.

declared  what is counted, by what, and how its parts add up
parts     one cut-off and election of a cube, beside the others
tables    a cube as a dataset of the release
exact     the counted cubes that wait on this machine
rows      which rows of a published table count the same people
public    what anybody already has about the same people
recounts  a count that corrects one that was published, and why
once      what may never be published beside what already is
rhythm    how often the registry is published
protect   from the exact to the public, together with all that is public
kept      protected cubes, kept while nothing they depend on changes
workers   systems side by side, each in a process of its own
audit     the attack on the cubes of a release
between   what two cut-offs of a cube say together
"""
