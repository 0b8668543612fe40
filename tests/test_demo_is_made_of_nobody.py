"""Promise: the demonstration's people add up to the published figures, are nobody, and never mix with real figures."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboard.figures.provenance import out_of_scale
from etl.cubes.declared import CUBES
from etl.datasets import dataset
from etl.demo import registry
from etl.demo.release import REAL, marginals
from etl.demo.turnout import CONTESTS
from etl.model import TOTAL
from etl.release import Release
from tests.browser_support import ROOT
from tests.etl_support import etl, tree
from tests.release_support import asked_of
from tests.site_support import ADDRESSES, Document, accessible

ORIGIN = ROOT / "data" / "source"
#: The datasets that are real, by the name that a release gives them.
REAL_NAMES = {dataset(name).name for name in REAL}


@pytest.fixture
def release(demonstration: Path) -> Release:
    """What the demonstration publishes."""
    return Release.open(demonstration / "release" / "current")


def test_groups_add_up_to_the_published_figures_of_every_municipio() -> None:
    """Before anybody is drawn: sex x age and sex x literacy of the 340 municipios, to the last person."""
    tables, _ = marginals(ORIGIN)
    made = registry.groups(tables, registry.SEED)
    home = made[made["city"] < 0]
    assert int(home["n"].sum()) == 10_030_374
    assert int(made["n"].sum()) == 10_030_374 + registry.ABROAD
    codes = sorted(tables["municipios"]["codigo_municipio"])
    for table, column, values in (
        ("padron_municipal_edad", "edad", list(registry.fields.GRUPOS_EDAD)),
        ("padron_municipal_alfabetismo", "alfabetismo", list(registry.fields.ALFABETISMOS)),
    ):
        added = home.groupby(["municipio", "sexo", column])["n"].sum()
        published = tables[table]
        key = pd.MultiIndex.from_arrays(
            [
                published["codigo_municipio"].map(codes.index),
                published["sexo"].map(list(registry.fields.SEXOS).index),
                published[tables[table].columns[3]].map(values.index),
            ]
        )
        expected = pd.Series(published["empadronados"].to_numpy(dtype="int64"), index=key)
        assert (added.reindex(key, fill_value=0).to_numpy() == expected.to_numpy()).all()


def test_everything_invented_says_it_is_synthetic(release: Release) -> None:
    assert release.synthetic and release.manifest["sintetica"] is True
    for item in release.manifest["archivos"]:
        invented = item["dataset"] not in REAL
        assert item["nombre"].startswith("sintetico_") == invented, item["nombre"]
        assert ("SINTÉTICO" in item["titulo"]) == invented
        if invented:
            assert pd.read_parquet(release.root / item["nombre"], columns=["sintetico"])["sintetico"].all()
            assert item["fuentes"][0]["titulo"] == "Registro sintético: personas inventadas"
        else:
            assert item["fuentes"] and all(source["url"] for source in item["fuentes"])


def test_no_real_figure_of_the_registry_or_of_an_election_is_in_a_demonstration(release: Release) -> None:
    published = {item["dataset"] for item in release.manifest["archivos"]}
    assert published == {*REAL_NAMES, *(cube.name for cube in CUBES)}
    counts = {"empadronados", "votantes", "votos_emitidos", "votos_validos"}
    told = {table.name for table in release.tables.values() if counts & {item.name for item in table.fields}}
    assert told == {cube.name for cube in CUBES}
    cells = pd.read_parquet(release.table("padron_cubo"))
    newest = cells[cells["fecha_corte"] == cells["fecha_corte"].max()]
    assert newest["empadronados"].max() == 17_000  # the invented people of the country, not the ten million


def test_it_has_two_cut_offs_of_the_registry_and_three_elections(release: Release) -> None:
    moments = {
        name: sorted(
            {
                (f"{row.fecha_corte}", getattr(row, "eleccion", ""))
                for row in pd.read_parquet(release.table(name))[columns].drop_duplicates().itertuples()
            }
        )
        for name, columns in ((cube.name, ["fecha_corte", *["eleccion"] * cube.of_election]) for cube in CUBES)
    }
    registry_of = [("2025-07-12", ""), ("2026-07-12", "")]
    rolls = [("2026-07-12", election) for election in ("2015-1", "2019-1", "2023-1")]
    assert moments["padron_cubo"] == moments["extranjero_cubo"] == registry_of
    assert moments["participacion_cubo"] == rolls
    assert moments["participacion_extranjero_cubo"] == rolls[1:]  # nobody could vote abroad in 2015


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Three hundred thousand invented people, with their age on the day of each election."""
    tables, cutoff = marginals(ORIGIN)
    made = pd.concat([table.to_pandas() for table in registry.records(tables, cutoff, 300_000)], ignore_index=True)
    born = pd.to_datetime(made["FECHA_NACIMIENTO"])
    for contest in CONTESTS:
        made[f"edad_{contest.code}"] = (pd.Timestamp(contest.day) - born).dt.days / 365.25
        made[contest.code] = made[f"VOTO_{contest.code.replace('-', '_')}"].map({"SI": 1.0, "NO": 0.0})
    return made


def test_people_vote_as_people_do(people: pd.DataFrame) -> None:
    home = people[people["CODDEP"] != "25"]
    for contest in CONTESTS:
        rows = home[home[contest.code].notna()]
        assert rows[contest.code].mean() * 100 == pytest.approx(contest.home, abs=2)
        assert (rows[f"edad_{contest.code}"] >= 18).all()
        young, adult, older = (
            rows[rows[f"edad_{contest.code}"].between(*ages)][contest.code].mean()
            for ages in ((18, 22), (40, 50), (50, 60))
        )
        assert young + 0.05 < adult and older == pytest.approx(adult, abs=0.03)  # it rises, and then stays
        old = rows[rows[f"edad_{contest.code}"].between(60, 80)].groupby("SEXO")[contest.code].mean()
        assert (old["F"] - old["M"] > 0.02) == (contest.code == "2023-1")
        literate = rows.groupby("ALFABETISMO")[contest.code].mean()
        assert literate["S"] > literate["N"]
    assert (home["2015-1"].notna() <= home["2023-1"].notna()).all()  # who was on a roll is on those that came later
    places = home.groupby(["CODDEP", "CODMUN"])[["2019-1", "2023-1"]].mean()
    assert places.corr().iloc[0, 1] > 0.6  # each place has its habit


def test_abroad_few_people_vote_where_they_can(people: pd.DataFrame) -> None:
    abroad = people[people["CODDEP"] == "25"]
    assert abroad["2015-1"].isna().all()
    voting = {code: set(abroad[abroad[code].notna()]["CIUDAD_RESIDENCIA"]) for code in ("2019-1", "2023-1")}
    assert voting["2019-1"] == {"Los Ángeles", "Nueva York", "Houston", "Silver Spring"} < voting["2023-1"]
    assert abroad["2019-1"].mean() == pytest.approx(0.0115, abs=0.004)
    assert abroad["2023-1"].mean() == pytest.approx(0.016, abs=0.004)


def test_a_year_before_it_had_the_same_people_but_for_who_came_and_who_left(tmp_path: Path) -> None:
    tables, cutoff = marginals(ORIGIN)
    for name in "ab":
        now, before = tmp_path / f"{name}.parquet", tmp_path / f"{name}_antes.parquet"
        assert registry.write(tables, cutoff, now, 30_000, before=before) == 30_000
    assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "a.parquet").read_bytes()
    assert (tmp_path / "b_antes.parquet").read_bytes() == (tmp_path / "a_antes.parquet").read_bytes()
    new, old = (
        pd.read_parquet(path).set_index("CUI") for path in (tmp_path / "a.parquet", tmp_path / "a_antes.parquet")
    )
    came, left, stayed = (
        new.index.difference(old.index),
        old.index.difference(new.index),
        new.index.intersection(old.index),
    )
    assert 0.02 < len(came) / len(new) < 0.08 and 0.003 < len(left) / len(old) < 0.02
    pd.testing.assert_frame_equal(new.loc[stayed], old.loc[stayed])
    assert pd.to_datetime(old["FECHA_NACIMIENTO"]).max() <= pd.Timestamp("2007-07-12")  # nobody was 17


def test_every_page_opens_on_a_demonstration(release: Release) -> None:
    """What it has is shown, what is confidential is said and what it lacks is said too: no error, and no zero."""
    assert release.invented
    people, registered = release.invented
    left_out = [f"/datos/{name}" for name in ("padron_municipal",)]
    paths = [path for address in ADDRESSES for path in (address, accessible(address))]
    *pages, garifuna = asked_of(release.root, *paths, "/accesible/padron?indicador=empadronados&pueblo=garifuna")
    for path, response in zip(paths, pages, strict=True):
        expected = 404 if path.removeprefix("/accesible") in left_out else 200
        assert response.status_code == expected, path
        assert (
            f"{people:,} personas inventadas, 1 por cada {round(registered / people):,} del padrón" in response.text
        ), path
    texts = {text for text in Document(garifuna.text).table("#tabla table").column("Personas empadronadas")}
    assert "no se publica por confidencialidad" in texts
    assert texts - {"no se publica por confidencialidad"} <= {"0"}  # so few that only nobody is published


def test_how_many_were_invented_is_what_was_counted(release: Release) -> None:
    """At home and abroad; against as many as the published registry has. A figure that mixes both says so."""
    assert release.invented
    latest = []
    for name in ("padron_cubo", "extranjero_cubo"):
        cube = pd.read_parquet(release.table(name))
        whole = (
            cube[[name for name in Release.open(release.root).tables[name].key if name != "fecha_corte"]] == TOTAL
        ).all(axis=1)
        latest.append(int(cube[whole & (cube["fecha_corte"] == cube["fecha_corte"].max())]["empadronados"].iloc[0]))
    tables, _ = marginals(ORIGIN)
    at_home = int(tables["padron_municipal_edad"].query("residencia == 'pais'")["empadronados"].sum())
    assert release.invented[0] == sum(latest) and release.invented[1] > at_home
    (mixed,) = asked_of(release.root, "/accesible/padron?indicador=tasa")
    assert "su proporción no es la de ningún lugar" in mixed.text
    assert out_of_scale(release, ["padron_cubo", "poblacion_municipal"])
    assert out_of_scale(release, ["padron_cubo"]) == out_of_scale(release, ["poblacion_municipal"]) == ()


def test_every_answer_says_whether_it_is_invented(release: Release) -> None:
    """The name of the release is in every answer of the API; what is made of real tables alone is not called invented."""
    assert release.id.startswith("sintetica-") and release.damaged_files() == []
    view = "/descargas/vista/padron_mapa{}?indicador=empadronados&sexo=mujeres"
    invented, table, listed, real = asked_of(
        release.root,
        view.format(".json"),
        view.format(".csv"),
        "/api/v1/parametros",
        "/descargas/vista/consulados.json",
    )
    for answer in (invented, listed, real):
        assert answer.status_code == 200 and answer.json()["publicacion"] == release.id
    assert invented.json()["sintetico"] is True and "sintetico_" in invented.headers["content-disposition"]
    assert ",sintetico" in table.text.splitlines()[0]
    assert "sintetico" not in real.json() and "sintetico_" not in real.headers["content-disposition"]


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        result = etl("demo", "--personas", "2000", "--carpeta", tmp_path / name, "--solo-registro")
        assert result.exit_code == 0, result.output
    assert tree(tmp_path / "a") == tree(tmp_path / "b")
    people = pd.read_parquet(tmp_path / "a" / "registro_sintetico.parquet")
    assert len(people) == 2000 and people["CUI"].is_unique
    assert people["CUI"].str.fullmatch(r"S\d{12}").all()  # a real identifier has no letter
