"""What a reader sees for each value of a closed category, in the order a reader expects to see them."""

from __future__ import annotations

#: What datasets are about, as the catalogue lists them.
TEMAS = {
    "padron": "Padrón electoral",
    "elecciones": "Elecciones y participación",
    "extranjero": "Voto en el extranjero",
    "poblacion": "Población y censo",
    "territorio": "Lugares y límites",
}
REGIONES = {
    "metropolitana": "Región I, Metropolitana",
    "norte": "Región II, Norte",
    "nororiente": "Región III, Nororiente",
    "suroriente": "Región IV, Suroriente",
    "central": "Región V, Central",
    "suroccidente": "Región VI, Suroccidente",
    "noroccidente": "Región VII, Noroccidente",
    "peten": "Región VIII, Petén",
}
SEXOS = {"mujeres": "Mujeres", "hombres": "Hombres"}
GRUPOS_EDAD = {
    "18_25": "18 a 25 años",
    "26_30": "26 a 30 años",
    "31_35": "31 a 35 años",
    "36_40": "36 a 40 años",
    "41_45": "41 a 45 años",
    "46_50": "46 a 50 años",
    "51_55": "51 a 55 años",
    "56_60": "56 a 60 años",
    "61_65": "61 a 65 años",
    "66_70": "66 a 70 años",
    "70_mas": "70 años y más",
}
GRUPOS_EDAD_POBLACION = {
    "0_17": "0 a 17 años",
    **{code: label for code, label in GRUPOS_EDAD.items() if code not in ("61_65", "66_70", "70_mas")},
    "61_64": "61 a 64 años",
    "65_mas": "65 años y más",
}
EDADES_QUINQUENALES = {f"{first}_{first + 4}": f"{first} a {first + 4} años" for first in range(0, 100, 5)} | {
    "100_mas": "100 años y más"
}
ALFABETISMOS = {"alfabeta": "Alfabetas", "analfabeta": "Analfabetas"}
RESIDENCIAS = {"pais": "Residentes en el país", "extranjero": "Residentes en el extranjero"}
AMBITOS = {"total": "País y extranjero", "pais": "Residentes en el país", "extranjero": "Residentes en el extranjero"}
COBERTURAS = {"completa": "Todos los departamentos", "parcial": "Solo algunos departamentos: no se suma"}
PRECISIONES = {
    "exacta": "Conteo exacto",
    "aproximada": "Aproximada o redondeada",
    "parcial": "Conteo parcial, antes de cerrar",
    "cota_inferior": "Más de esa cantidad, o al menos esa",
    "rango": "Entre dos cantidades",
}
AREAS = {"urbana": "Urbana", "rural": "Rural"}
PUEBLOS = {
    "maya": "Maya",
    "garifuna": "Garífuna",
    "xinka": "Xinka",
    "afrodescendiente": "Afrodescendiente, creole o afromestizo",
    "ladino": "Ladino",
    "extranjera": "Extranjera",
}
COMUNIDADES_LINGUISTICAS = {
    "achi": "Achi",
    "akateka": "Akateka",
    "awakateka": "Awakateka",
    "chorti": "Ch’orti’",
    "chalchiteka": "Chalchiteka",
    "chuj": "Chuj",
    "itza": "Itza’",
    "ixil": "Ixil",
    "jakalteka": "Jakalteka (Popti’)",
    "kiche": "K’iche’",
    "kaqchikel": "Kaqchikel",
    "mam": "Mam",
    "mopan": "Mopan",
    "poqomam": "Poqomam",
    "poqomchi": "Poqomchi’",
    "qanjobal": "Q’anjob’al",
    "qeqchi": "Q’eqchi’",
    "sakapulteka": "Sakapulteka",
    "sipakapense": "Sipakapense",
    "tektiteka": "Tektiteka",
    "tzutujil": "Tz’utujil",
    "uspanteka": "Uspanteka",
}
IDIOMAS = {
    **COMUNIDADES_LINGUISTICAS,
    "xinka": "Xinka",
    "garifuna": "Garífuna",
    "espanol": "Español",
    "ingles": "Inglés",
    "senas": "Lengua de señas",
    "otro": "Otro idioma",
    "no_habla": "No habla",
}
VUELTAS = {"primera": "Primera vuelta", "segunda": "Segunda vuelta", "unica": "Votación única"}
TIPOS_ELECCION = {
    "general": "Elecciones generales",
    "segunda_vuelta": "Segunda elección presidencial",
    "repeticion": "Repetición de elecciones municipales",
    "consulta_popular": "Consulta popular",
}
CARGOS = {
    "presidencia": "Presidencia y vicepresidencia",
    "diputados_lista_nacional": "Diputados por lista nacional",
    "diputados_distritales": "Diputados distritales",
    "corporacion_municipal": "Corporación municipal",
    "parlacen": "Diputados al Parlamento Centroamericano",
    "consulta_popular": "Consulta popular",
}
ESTADOS_DATO = {
    "publicado": "Publicado",
    "dato_dudoso": "Dato dudoso en la fuente",
    "no_comparable": "No comparable",
    "no_aplica": "No aplica",
    "sin_dato": "Sin dato publicado",
}
