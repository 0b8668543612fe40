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
INFORMACION_PUBLICA = License(
    "informacion-publica-gt",
    "Información pública de Guatemala (Decreto 57-2008, Ley de Acceso a la Información Pública)",
    "https://www.oas.org/juridico/PDFs/mesicic4_gtm_acceso.pdf",
)
CITA_DE_PRENSA = License(
    "cita-de-prensa",
    "Cifras citadas de prensa e informes, con su enlace (los hechos no tienen derechos de autor)",
    "https://www.wipo.int/wipolex/es/legislation/details/20943",
)

DERIVED_DATA = CC_BY_4
