"""Kinds of picture. Each module defines the three of facts(result), text(facts) and figure(facts).

actas           figures of actas that do not add up
barras          a whole shared out, by one dimension or by two
brechas         how far apart two sexes are at each age, election by election
calor           a heat table of two things crossed
cautela         what places cannot say of persons
ciudades        circles on cities
classes         class breaks of a map
coincidencia    the map of ballots that agree
comparacion     a place beside those that contain it
contienda       first and second of each election
cruces          what is asked against what is published
cuadros         people abroad by where they live
dentro_y_fuera  inside and outside the country
directorio      places to go to
distribution    the views of bars, each a declaration
edades          women and men at each age
edades_fuera    ages abroad beside those inside
en_palabras     the map said in words
estados         the United States by state
faltan          registered against adults, beside what others published
franjas         groups of municipios, and what is said of them
franjas_avisos  what must be known to read them
fuera           what the answers about people abroad share
grupos          groups with their rate and their size
hechos          facts by topic
lado_a_lado     several places side by side
libro           what actas say against what adds up
lugares         places grouped by how they are
lugares_grupos  each group of places, whole
lugares_otras   the same with other characteristics
lineas          groups along the elections
mapa            the map by municipio or departamento
matriz          where people abroad come from against where they live
mesa            one polling table
mesas           the polling tables of a place
nube            dots that do not cover each other
origen          people abroad by where they come from
palette         colours of the charts
papeletas       how far apart the ballots of a table are
piramide        a pyramid of the roll and the voters
por_eleccion    measures election by election
recibidas       votes per hundred ballots received
serie           a figure over time
versiones       figures that do not agree
votaron         what the charts of who votes share
voto_fuera      turnout abroad by election and place
"""
