"""Two small cubes to protect and attack: a registry by municipio, sex and pueblo, and who voted of it."""

from __future__ import annotations

from dataclasses import replace

from etl import fields
from etl.cubes.declared import PUEBLO, SEXO, TERRITORIO, Cube

REGISTRY = Cube(
    "padron_cubo",
    "",
    "",
    (fields.empadronados,),
    (TERRITORIO, SEXO, PUEBLO),
    ((fields.codigo_municipio, fields.sexo, PUEBLO.field),),
    sensitive=("pueblo",),
)
VOTES = replace(REGISTRY, name="participacion_cubo", measures=(fields.empadronados, fields.votantes))
