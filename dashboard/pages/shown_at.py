"""Where a view is shown: the page whose address asks for the same with the same parameters."""

from __future__ import annotations

from dashboard.address.parameters import Question

#: The page of each view, by how its name begins; the first one that does. A page says it by listing the files of its views.
PATHS = (
    ("padron_", "/padron"),
    ("censo_", "/padron"),
    ("participacion_lugares", "/participacion/lugares"),
    ("participacion_actas", "/participacion/mesas"),
    ("participacion_coincidencia", "/participacion/mesas"),
    ("participacion_discrepancias", "/participacion/mesas"),
    ("participacion_mesa", "/participacion/mesas"),
    ("participacion_papeletas", "/participacion/mesas"),
    ("participacion_recibidas", "/participacion/mesas"),
    ("participacion_contienda", "/ficha/pais"),
    ("participacion_", "/participacion"),
    ("quien_vota_", "/participacion"),
    ("procedimientos", "/extranjero/como-inscribirse"),
    ("consulados", "/extranjero/como-inscribirse"),
    ("extranjero_", "/extranjero"),
    ("diaspora_", "/extranjero"),
    ("cruces", "/cruces"),
    ("comparar", "/comparar"),
    ("que_falta", "/que-falta"),
)


def path_of(view: str) -> str:
    """The path of the page that shows a view."""
    return next(path for start, path in PATHS if view.startswith(start))


def address_of(view: str, question: Question) -> str:
    """The address of the page that shows the answer of a view to a question."""
    return question.url(path_of(view))
