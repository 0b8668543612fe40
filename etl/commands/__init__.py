"""What a person types and reads: one module per family of commands.

analyses   analisis: list what others published with the figures
alert      avisar, and whom to tell when an order does not end well
audit      auditar: try to work out what a release hides
deliver    fuente: put a new delivery of a source in place
hearing    an output that may fail without stopping what is being done
microdata  microdata and demo: count the registry person by person
options    options that several commands share
output     the only console: accounts, problems and exit codes, in Spanish
preview    vista-previa: the site as it would be
publish    build, check, diff, publish, rollback and history
recount    corregir: why a count replaces another that was published
runs       what is kept of a run, and told to who asked
withdraw   retirar: an older release that is served no more
"""
