"""What people call some municipios besides their name: declared once, for the server and for the browser.

Only names that are not found in the official one, or that mean that one place and no other; each with where anybody can check
it. A nickname is of the place with that name in that departamento, so that a release with other places has none of it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Nickname:
    """A name that people use, the municipio and the departamento it is of, and where it can be read."""

    said: str
    municipio: str
    departamento: str
    source: str


NICKNAMES = (
    Nickname("La capital", "Guatemala", "Guatemala", "https://es.wikipedia.org/wiki/Ciudad_de_Guatemala"),
    Nickname("Ciudad capital", "Guatemala", "Guatemala", "https://es.wikipedia.org/wiki/Ciudad_de_Guatemala"),
    Nickname("Ciudad de Guatemala", "Guatemala", "Guatemala", "https://es.wikipedia.org/wiki/Ciudad_de_Guatemala"),
    Nickname(
        "Nueva Guatemala de la Asunción",
        "Guatemala",
        "Guatemala",
        "https://es.wikipedia.org/wiki/Ciudad_de_Guatemala",
    ),
    Nickname("Guate", "Guatemala", "Guatemala", "http://mapamundi.info/seccion/guatemala/"),
    Nickname("Zona", "Guatemala", "Guatemala", "https://es.wikipedia.org/wiki/Ciudad_de_Guatemala"),
    Nickname("Zona", "Mixco", "Guatemala", "https://es.wikipedia.org/wiki/Mixco"),
    Nickname("Zona", "Villa Nueva", "Guatemala", "https://es.wikipedia.org/wiki/Villa_Nueva_(Guatemala)"),
    Nickname("Zona", "Quetzaltenango", "Quetzaltenango", "https://es.wikipedia.org/wiki/Quetzaltenango"),
    Nickname("La Antigua", "Antigua Guatemala", "Sacatepéquez", "https://es.wikipedia.org/wiki/Antigua_Guatemala"),
    Nickname("Xela", "Quetzaltenango", "Quetzaltenango", "https://es.wikipedia.org/wiki/Quetzaltenango"),
    Nickname("Xelajú", "Quetzaltenango", "Quetzaltenango", "https://es.wikipedia.org/wiki/Quetzaltenango"),
    Nickname(
        "San Martín Chile Verde",
        "San Martín Sacatepéquez",
        "Quetzaltenango",
        "http://historiadeguatemala.info/san-martin-sacatepequez/",
    ),
    Nickname("Reu", "Retalhuleu", "Retalhuleu", "http://travelogue.travelvice.com/guatemala/retalhuleu/"),
    Nickname(
        "Mazate", "Mazatenango", "Suchitepéquez", "https://www.revuemag.com/shake-your-booty-carnival-in-mazatenango/"
    ),
    Nickname("Huehue", "Huehuetenango", "Huehuetenango", "https://octopup.org/guatemala/huehue"),
    Nickname(
        "Chichi",
        "Santo Tomás Chichicastenango",
        "Quiché",
        "https://contrariantraveler.com/panachel-lake-atitlan-and-chichicastenango-guatemala",
    ),
    Nickname(
        "San Idelfonso Ixtahuacán",
        "San Ildefonso Ixtahuacán",
        "Huehuetenango",
        "INE, Censo 2018; TSE, Acuerdo 327-2026: data/source/territorio/municipios_alias.csv",
    ),
    Nickname("Pana", "Panajachel", "Sololá", "https://www.frommers.com/destinations/panajachel"),
    Nickname("Tecún Umán", "Ayutla", "San Marcos", "https://hpturismo.net/guatemala/departamento-san-marcos.htm"),
    Nickname("Puerto San José", "San José", "Escuintla", "https://es.wikipedia.org/wiki/Puerto_San_José"),
)
