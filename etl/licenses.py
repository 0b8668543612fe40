"""Terms under which sources are used and our derived data is published."""

from __future__ import annotations

from etl.country import COUNTRY
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
    f"Información pública de {COUNTRY.name} ({COUNTRY.access_law.decree}, {COUNTRY.access_law.name})",
    COUNTRY.access_law.url,
)
CITA_DE_PRENSA = License(
    "cita-de-prensa",
    "Cifras citadas de prensa e informes, con su enlace (Decreto 33-98, Ley de Derecho de Autor)",
    "https://cerlalc.org/laws_rules/decreto-33-de-1998-ley-del-derecho-de-autor-y-derechos-conexosvigencia-a-partir-de-junio-21-de-1998",
)
DOMINIO_PUBLICO = License(
    "dominio-publico", "Dominio público (Natural Earth)", "https://www.naturalearthdata.com/about/terms-of-use/"
)
CODIGOS_ISO = License(
    "codigos-iso", "Códigos de ISO 3166, de uso gratuito", "https://www.iso.org/iso-3166-country-codes.html"
)

DERIVED_DATA = CC_BY_4
#: Every licence that a source may have, by the name that `fuente.toml` gives it.
LICENSES = {
    item.name: item
    for item in (
        CC_BY_4,
        CC_BY_ND_4,
        CC_BY_3_IGO,
        MIT,
        INFORMACION_PUBLICA,
        CITA_DE_PRENSA,
        DOMINIO_PUBLICO,
        CODIGOS_ISO,
    )
}
