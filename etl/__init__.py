"""ETL of Padrón Abierto: the tribunal's files in, one verified release out.

commands    what a person types and reads
demo        a registry of invented people and its release
publish     a result becomes a release; what changes
cubes       the registry's breakdowns, from exact to public
microdata   counting the registry person by person
disclosure  what may not be published, and the attack
datasets    one module per dataset
pipeline    one source file becomes typed tables
geometry    boundaries and painted maps
release     a folder that never changes, made current by one rename
checks      electoral checks that datasets share
fields      columns that datasets share
licenses    terms of use
country     the country in one declaration, and codes and names of its places
model       the vocabulary that everything is declared with
"""

__version__ = "0.1.0"
