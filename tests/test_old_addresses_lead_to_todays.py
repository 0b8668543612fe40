"""Promise: an address of before, which named an indicator by the year of its election, leads to the one of today."""

from __future__ import annotations

import httpx
import pytest

MOVED = {
    "/participacion?indicador=participacion-2011": "/participacion?indicador=participacion&eleccion=2011-1",
    "/participacion?indicador=validos-por-100-2023": "/participacion?indicador=validos-por-100&eleccion=2023-1",
    "/participacion?indicador=validos-2015&departamento=16": (
        "/participacion?indicador=validos&eleccion=2015-1&departamento=16"
    ),
    "/participacion?indicador=nulos-2011&lugar=0101": "/participacion?indicador=nulos&eleccion=2011-1&lugar=0101",
    "/participacion?indicador=blancos-2011": "/participacion?indicador=blancos&eleccion=2011-1",
    "/participacion?indicador=margen-2019": "/participacion?indicador=margen&eleccion=2019-1",
    "/participacion?indicador=organizaciones-2023": "/participacion?indicador=organizaciones&eleccion=2023-1",
    "/participacion?indicador=mesas-2023": "/participacion?indicador=mesas&eleccion=2023-1",
    "/participacion?indicador=centros-2023": "/participacion?indicador=centros&eleccion=2023-1",
    "/participacion?indicador=cambio-validos-2015-2019": "/participacion?indicador=cambio-validos&eleccion=2019-1",
    "/participacion?indicador=segunda-vuelta-2015": "/participacion?indicador=segunda-vuelta&eleccion=2015-2",
    "/participacion?indicador=fcn-2015": "/participacion?indicador=primero-segunda-vuelta&eleccion=2015-2",
    "/padron?indicador=cambio-2023": "/padron?indicador=cambio&eleccion=2023-1",
    "/padron?indicador=cambio-2011&sexo=nadie": "/padron?indicador=cambio&sexo=nadie&eleccion=2011-1",
    "/extranjero?eleccion=2019&mostrar=centros": "/extranjero?eleccion=2019-1&mostrar=centros",
}


@pytest.mark.parametrize("mode", ["", "/accesible"])
@pytest.mark.parametrize("before", MOVED)
def test_it_leads_to_the_one_of_today(client: httpx.Client, before: str, mode: str) -> None:
    response = client.get(mode + before, follow_redirects=False)
    assert (response.status_code, response.headers.get("location")) == (301, mode + MOVED[before])
    assert client.get(mode + MOVED[before], follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/padron?indicador=jovenes-18-25",
        "/padron?indicador=cambio-1999",
        "/padron?indicador=nada-2023",
        "/padron?indicador=validos-2023",
        "/padron?indicador=-2023",
        "/extranjero?eleccion=2015",
        "/extranjero?eleccion=2023-1",
        "/participacion?indicador=validos&eleccion=2023",
    ],
)
def test_any_other_is_answered_where_it_is(client: httpx.Client, address: str) -> None:
    assert client.get(address, follow_redirects=False).status_code == 200


def test_a_file_refuses_the_name_of_before(client: httpx.Client) -> None:
    response = client.get("/descargas/vista/participacion_mapa.csv?indicador=validos-2023", follow_redirects=False)
    accepted = {item["nombre"]: item for item in response.json()["parametros"]}
    assert response.status_code == 400
    assert "validos" in [item["valor"] for item in accepted["indicador"]["valores"]]
    assert "2023-1" in [item["valor"] for item in accepted["eleccion"]["valores"]]
