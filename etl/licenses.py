"""Terms under which sources are used and our derived data is published."""

from __future__ import annotations

from etl.model import License

CC_BY_4 = License(
    "CC-BY-4.0", "Creative Commons Atribución 4.0 Internacional", "https://creativecommons.org/licenses/by/4.0/deed.es"
)
CC_BY_ND_4 = License(
    "CC-BY-ND-4.0",
    "Creative Commons Atribución-SinDerivadas 4.0 Internacional (se citan cifras, no la obra)",
    "https://creativecommons.org/licenses/by-nd/4.0/deed.es",
)
CC_BY_3_IGO = License(
    "CC-BY-3.0-IGO",
    "Creative Commons Atribución 3.0 Organizaciones Intergubernamentales",
    "https://creativecommons.org/licenses/by/3.0/igo/deed.es",
)
MIT = License("MIT", "Licencia MIT", "https://opensource.org/license/mit")
INFORMACION_PUBLICA = License(
    "informacion-publica-gt",
    "Información pública de Guatemala (Decreto 57-2008, Ley de Acceso a la Información Pública)",
    "https://sosep.gob.gt/index.php/ley-de-acceso-a-la-informacion-publica/",
)
CITA_DE_PRENSA = License(
    "cita-de-prensa",
    "Cifras citadas de prensa e informes, con su enlace (Decreto 33-98, Ley de Derecho de Autor)",
    "https://cerlalc.org/laws_rules/decreto-33-de-1998-ley-del-derecho-de-autor-y-derechos-conexosvigencia-a-partir-de-junio-21-de-1998",
)
DOMINIO_PUBLICO = License(
    "dominio-publico", "Dominio público (Natural Earth)", "https://www.naturalearthdata.com/about/terms-of-use/"
)

DERIVED_DATA = CC_BY_4
