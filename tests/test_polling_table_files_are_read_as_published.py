"""Promise: any file of the TREP by polling table is read as the TSE published it, and what does not add up is explained."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from etl.pipeline.run import Result
from tests.etl_support import COUNTRY_2019, SOURCE, accept, add, forget, places, run_on, source_copy

NAME, FILE = "participacion_mesa", "gtm2023_e4d01m04.csv"
SHIPPED = (SOURCE / NAME / FILE).read_bytes()
MESAS, VOTES, DIFFERENCES, FILES = NAME, f"{NAME}_votos", f"{NAME}_discrepancias", f"{NAME}_archivos"

OFFICES = {
    1: ("PRESIDENTE Y VICEPRESIDENTE", "presidencia"),
    2: ("DIPUTADOS POR LISTA NACIONAL", "diputados_lista_nacional"),
    3: ("DIPUTADOS DISTRITALES", "diputados_distritales"),
    4: ("CORPORACIÓN MUNICIPAL", "corporacion_municipal"),
    5: ("DIPUTADOS AL PARLAMENTO CENTROAMERICANO", "parlacen"),
}


@pytest.fixture(scope="module")
def shipped(tmp_path_factory) -> Result:
    """The dataset with the one file of the TREP that is committed."""
    result = read(tmp_path_factory.mktemp("publicado"), FILE, SHIPPED)
    assert result.problems == []
    return result


def read(folder: Path, file: str, content: bytes, *more: tuple[str, bytes]) -> Result:
    """The pipeline over these files of the TREP, as one delivery each."""
    origin = source_copy(folder, NAME)
    forget(origin / NAME, COUNTRY_2019)
    accept(origin / NAME, file, content, instead_of=FILE)
    for name, data in more:
        add(origin / NAME, name, data)
    return run_on(origin, NAME)


def acta(mesa: int, place: tuple[int, int, str], votes: list[object], padron: object = 400, **more: object) -> dict:
    """One counted acta whose totals add up: (TREP departamento, municipio, name of the departamento) and votes by party."""
    valid = sum(count for count in votes if isinstance(count, int))
    row = {
        "MESA": mesa,
        "ID_DEPARTAMENTO": place[0],
        "ID_MUNICIPIO": place[1],
        "DEPARTAMENTO": place[2],
        "votos": votes,
    }
    row |= {"MUNICIPIO": "", "CENTRO_DE_VOTACIÓN": 7, "PADRÓN": padron, "VÁLIDOS": valid, "NULOS": 3, "BLANCO": 2}
    row |= {"EMITIDOS": valid + 5, "INVÁLIDOS": 0, "TOTAL": valid + 5, "IMPUGNACIONES": "--", "CONTABILIZADA": 1}
    row |= {"PAPELETAS-RECIBIDAS": 400, "PAPELETAS-NO-USADAS": 400 - valid - 5, "VALIDOS_CALCULADO": valid}
    row |= {"EMITIDOS_CALCULADO": valid + 5, "TOTAL_CALCULADO": valid + 5, "CÓDIGO_INTEGRIDAD": "a1b2"}
    return (
        row | {"FECHA_HORA_PUBLICACIÓN": "25/06/2023 22:02:59", "DIGITALIZACIÓN": "CELULAR", "OBSERVACIONES": ""} | more
    )


def trep(number: int, parties: list[str], actas: list[dict], expected: int | None = None) -> bytes:
    """A file of the TREP for the election `number`, with the extra column of the TSE's full ZIP and its preamble."""
    columns = ["MESA", "DEPARTAMENTO", "ID_DEPARTAMENTO", "MUNICIPIO", "ID_MUNICIPIO", "CENTRO_DE_VOTACIÓN", "PADRÓN"]
    below = ["VÁLIDOS", "NULOS", "BLANCO", "EMITIDOS", "INVÁLIDOS", "TOTAL", "IMPUGNACIONES", "PAPELETAS-RECIBIDAS"]
    below += ["PAPELETAS-NO-USADAS", "VALIDOS_CALCULADO", "EMITIDOS_CALCULADO", "TOTAL_CALCULADO", "OBSERVACIONES"]
    below += ["CONTABILIZADA", "CÓDIGO_INTEGRIDAD", "FECHA_HORA_PUBLICACIÓN", "DIGITALIZACIÓN"]
    counted = [row for row in actas if row["CONTABILIZADA"] == 1]
    roll = sum(row["PADRÓN"] for row in counted if row["PADRÓN"] != "--")
    cast = sum(row["EMITIDOS_CALCULADO"] for row in counted)
    sink = io.StringIO()
    out = csv.writer(sink, lineterminator="\n")
    out.writerow(["TIPO_DE_ELECCIÓN:", OFFICES[number][0]])
    out.writerow(["29 junio 2023 08:48 (UTC -6)"])
    out.writerow(
        [
            *("ACTAS_ESPERADAS", "ACTAS_CAPTURADAS", "PORCENTAJE_ACTAS_CAPTURADAS", "ACTAS_CONTABILIZADAS"),
            *("LISTA_NOMINAL_ACTAS_CONTABILIZADAS", "VOTOS_EMITIDOS_CONTABILIZADAS"),
        ]
    )
    out.writerow([expected or len(actas), len(actas), "100.0000", len(counted), roll, cast])
    sink.write("\n")
    out.writerow([*columns, *parties, *below])
    for row in actas:
        out.writerow([*(row[name] for name in columns), *row["votos"], *(row[name] for name in below)])
    return sink.getvalue().encode()


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP of files."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return sink.getvalue()


# --- The one real file ------------------------------------------------------------------------------------------------


def test_the_shipped_file(shipped) -> None:
    tables = shipped.tables[MESAS]
    counted = tables[tables["contabilizada"]]
    assert (len(tables), len(counted)) == (24, 22)
    assert (counted["votos_emitidos"].sum(), counted["empadronados"].sum()) == (4_584, 8_323)
    assert set(tables["codigo_municipio"]) == {"0104"}
    assert set(tables["eleccion"] + " " + tables["cargo"]) == {"2023-repeticion corporacion_municipal"}
    file = shipped.tables[FILES].iloc[0]
    assert (file["corte_trep"], file["actas"], file["partidos"]) == ("2023-08-20T23:12:00-06:00", 24, 10)


def test_written_and_calculated_are_both_kept_and_the_calculated_is_used(shipped) -> None:
    tables = shipped.tables[MESAS].set_index("mesa")
    names = ["votos_emitidos", "votos_emitidos_escrito", "votos_validos", "votos_validos_escrito"]
    assert tables.loc[2315, names].to_list() == [252, 231, 234, 213]
    assert tables["votos_validos"].sum() == shipped.tables[VOTES]["votos"].sum() == 4_346
    assert tables["votos_validos_escrito"].sum() == 4_345


def test_an_acta_that_was_not_counted_has_no_votes_and_says_why(shipped) -> None:
    blank = shipped.tables[MESAS].query("not contabilizada")
    assert blank["mesa"].to_list() == [2318, 2319]
    assert blank.filter(like="votos").isna().all(axis=None)
    assert set(blank["observacion_acta"]) == {"Acta en Blanco"}
    assert not set(shipped.tables[VOTES]["mesa"]) & {2318, 2319}


def test_the_three_discrepancies_are_named(shipped) -> None:
    rows = shipped.tables[DIFFERENCES].query("tipo_discrepancia == 'suma_no_cuadra'")
    assert rows.groupby("campo")["mesa"].apply(list).to_dict() == {
        "votos_emitidos": [2299, 2314, 2315],
        "votos_total": [2299, 2314, 2315],
        "votos_validos": [2299, 2300, 2315],
    }
    words = rows.set_index(["mesa", "campo"])["explicacion"]
    assert words[2314, "votos_emitidos"] == (
        "El acta dice 223 votos emitidos; válidos, nulos y en blanco suman 251: 28 de menos."
    )
    warnings = " ".join(item.message for item in shipped.notices if item.dataset == NAME)
    assert "22 de 24 actas contabilizadas, con 4,584 votos emitidos de 8,323 empadronados" in warnings
    assert "en 3 actas la cifra escrita de votos emitidos" in warnings and "(mesas 2299, 2314 y 2315)" in warnings


def test_ballots_that_are_not_the_votes_counted(shipped) -> None:
    rows = shipped.tables[DIFFERENCES].query("tipo_discrepancia == 'papeletas_no_cuadran'").set_index("mesa")
    assert rows.index.to_list() == [2300, 2302, 2313, 2314, 2315, 2316]  # 2297 has 5 challenged votes: 214 = 209 + 5
    assert rows.at[2302, "explicacion"] == (
        "Según el acta se usaron 253 papeletas (400 recibidas menos 147 sin usar) y se contaron 399 votos."
    )


def test_every_discrepancy_is_of_a_counted_acta_that_counts_it(shipped) -> None:
    tables, rows = shipped.tables[MESAS], shipped.tables[DIFFERENCES]
    assert tables.loc[tables["contabilizada"], "discrepancias"].sum() == len(rows) == 16
    assert tables.loc[~tables["contabilizada"], "discrepancias"].sum() == 0


# --- Files never seen ---------------------------------------------------------------------------------------------------

CAPITAL, ANTIGUA, COBAN, LOS_ANGELES = (0, 1, "Distrito Central"), (2, 1, "Sacatepéquez"), (16, 1, "Alta Verapaz"), (
    23,
    4,
    "Guatemaltecos en Estados Unidos",
)  # fmt: skip


@pytest.fixture(scope="module")
def first_round(tmp_path_factory) -> Result:
    """A ZIP as the TSE's: a folder per election, parties that differ, residents abroad, and things that are not tables."""
    president = trep(
        1,
        ["UNE", "SEMILLA", "VALOR-UNIONISTA"],
        [
            acta(1, CAPITAL, [10, 20, "--"]),
            acta(5337, ANTIGUA, [7, 8, 9], padron="--"),
            acta(24428, LOS_ANGELES, [1, 2, 0], padron=573),
        ],
    )
    mayor = trep(4, ["COMITÉ, EL", "UNE"], [acta(17500, COBAN, [30, 40])])
    content = zipped(
        {
            "1-PRESIDENTE/gtm2023_e1.csv": president,
            "4-CORPORACIÓN/gtm2023_e4d16m01.csv": mayor,
            "__MACOSX/4-CORPORACIÓN/._gtm2023_e4d16m01.csv": b"\0",
            "LEEME.txt": b"hola",
        }
    )
    result = read(tmp_path_factory.mktemp("zip"), "GTM2023-primeraeleccion.zip", content)
    assert result.problems == []
    return result


def test_a_zip_of_many(first_round) -> None:
    files = first_round.tables[FILES].set_index("archivo")
    assert files.index.to_list() == [
        "GTM2023-primeraeleccion.zip/1-PRESIDENTE/gtm2023_e1.csv",
        "GTM2023-primeraeleccion.zip/4-CORPORACIÓN/gtm2023_e4d16m01.csv",
    ]
    assert files["cargo"].to_list() == ["presidencia", "corporacion_municipal"]
    assert set(files["eleccion"]) == {"2023-1"}
    assert len(first_round.tables[MESAS]) == 4


def test_trep_codes_become_ours(first_round) -> None:
    tables = first_round.tables[MESAS].set_index("mesa")
    assert tables["codigo_municipio"].to_dict() == {1: "0101", 5337: "0301", 24428: "2504", 17500: "1601"}
    assert tables["residencia"].to_dict() == {1: "pais", 5337: "pais", 24428: "extranjero", 17500: "pais"}
    assert pd.isna(tables.at[5337, "empadronados"])  # `--` is empty, never 0


def test_parties_are_the_columns_of_each_file(first_round) -> None:
    votes = first_round.tables[VOTES]
    by_office = votes.groupby("cargo")["partido"].agg(lambda names: sorted(set(names))).to_dict()
    assert by_office == {
        "presidencia": ["SEMILLA", "UNE", "VALOR-UNIONISTA"],
        "corporacion_municipal": ["COMITÉ, EL", "UNE"],
    }
    empty = votes.query("mesa == 1 and partido == 'VALOR-UNIONISTA'")["votos"]
    assert empty.isna().all()
    assert "CÓDIGO_INTEGRIDAD" not in set(votes["partido"])


def test_a_table_number_of_another_municipio_is_a_discrepancy(first_round) -> None:
    """17500 is not among the tables that Cobán had in 2023."""
    rows = first_round.tables[DIFFERENCES]
    assert rows[["mesa", "tipo_discrepancia"]].to_numpy().tolist() == [[17500, "mesa_de_otro_municipio"]]


@pytest.mark.parametrize("number", OFFICES)
def test_any_of_the_five_elections(number: int, tmp_path: Path) -> None:
    content = trep(number, ["UNE", "CABAL"], [acta(1, CAPITAL, [1, 2]), acta(2, CAPITAL, [3, 4])])
    for name in (f"gtm2023_e{number}.csv", "descarga.csv"):
        result = read(tmp_path / name, name, content)
        assert result.problems == []
        assert set(result.tables[MESAS]["cargo"]) == {OFFICES[number][1]}


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.decode().encode("cp1252"),
        lambda content: b"\xef\xbb\xbf" + content,
        lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content + b"\n\n",
        lambda content: content.replace("VÁLIDOS".encode(), b"VALIDOS"),
        lambda content: content.decode().replace(",", ";").encode("utf-16"),
    ],
    ids=["windows-1252", "byte order mark", "windows lines", "blank lines at the end", "no accent", "utf-16 and ;"],
)
def test_the_way_a_spreadsheet_saves_it_does_not_matter(change, shipped, tmp_path: Path) -> None:
    result = read(tmp_path, FILE, change(SHIPPED))
    assert result.problems == []
    for name in (MESAS, VOTES, DIFFERENCES):
        pd.testing.assert_frame_equal(result.tables[name], shipped.tables[name])


def test_an_odd_calculation_of_the_trep_is_said_and_more_votes_than_voters_too(tmp_path: Path) -> None:
    odd = acta(1, CAPITAL, [10, 20], VALIDOS_CALCULADO=31)
    full = acta(2, CAPITAL, [100, 200], padron=250)
    rows = read(tmp_path, "gtm2023_e1.csv", trep(1, ["UNE", "VAMOS"], [odd, full])).tables[DIFFERENCES]
    assert rows[["mesa", "tipo_discrepancia", "escrito", "calculado"]].to_numpy().tolist() == [
        [1, "calculado_no_cuadra", 31, 30],
        [2, "mas_votos_que_empadronados", 305, 250],
    ]


def test_half_counted_night(tmp_path: Path) -> None:
    """Fewer actas captured than expected is what a preliminary count is."""
    result = read(tmp_path, "gtm2023_e1.csv", trep(1, ["UNE"], [acta(1, CAPITAL, [10])], expected=2023))
    assert result.problems == []
    assert result.tables[FILES][["actas_esperadas", "actas"]].to_numpy().tolist() == [[2023, 1]]


# --- Damaged files ------------------------------------------------------------------------------------------------------


def replaced(old: str, new: str):
    """Write something else in the shipped file."""
    return lambda content: content.replace(old.encode(), new.encode(), 1)


DAMAGES = {
    "cut in a row": (lambda c: c[:-60], (30, None, None), "¿archivo truncado?"),
    "cut between rows": (
        lambda c: b"\n".join(c.split(b"\n")[:27]),
        (None, "ACTAS_ESPERADAS", "24"),
        "24 actas y el archivo trae 21",
    ),
    "a number that changed": (
        replaced("186,193,209,209", "186,193,208,209"),
        (4, "VOTOS_EMITIDOS_CONTABILIZADAS", "4584"),
        "suman 4583",
    ),
    "text in a number": (replaced(",4,190,400,39,4", ",4,190,400,39,cuatro"), (7, "VALOR", "cuatro"), "o «--»"),
    "no polling table": (replaced("\n2297,", "\n--,"), (7, "MESA", "--"), "la celda está vacía"),
    "neither counted nor not": (replaced(",,1,20/08", ",,2,20/08"), (7, "CONTABILIZADA", "2"), "se esperaba 0 o 1"),
    "a date": (replaced("20/08/2023 22:02:59", "ayer"), (7, "FECHA_HORA_PUBLICACIÓN", "ayer"), "DD/MM/AAAA"),
    "a column with another name": (replaced("NULOS", "NULO"), (6, "NULOS", "NULO"), "falta la columna: ¿es «NULO»?"),
    "a party twice": (replaced("CABAL", "VALOR"), (6, "VALOR", None), "la columna está repetida"),
    "another election": (
        replaced("CORPORACIÓN MUNICIPAL", "PRESIDENTE"),
        (1, "TIPO_DE_ELECCIÓN", "PRESIDENTE"),
        "el nombre del archivo dice otra elección",
    ),
    "a cut-off without date": (replaced("20 agosto 2023 23:12", "ayer 2023 23:12"), (2, None, None), "fecha del corte"),
    "an unknown place": (
        replaced('"Guatemala",1,', '"Guatemala",24,'),
        (7, "ID_DEPARTAMENTO, ID_MUNICIPIO", "24-4"),
        "código desconocido",
    ),
    "the code of another departamento": (
        replaced('"Guatemala",1,', '"Guatemala",5,'),
        (7, "MUNICIPIO", "San José Del Golfo"),
        "la fila dice San José del Golfo (0104) y su código es el de Siquinalá (0504)",
    ),
    "a table twice": (replaced("\n2298,", "\n2297,"), (8, "MESA", "2297"), f"mesa repetida: ya está en {FILE}, fila 7"),
    "quotes that do not close": (
        replaced('2319,"Guatemala"', '2319,"Guatemala'),
        (30, None, None),
        "no termina como CSV",
    ),
    "another file": (lambda c: b"a,b\n1,2\n", (None, None, None), "ninguna fila empieza por MESA"),
    "nothing": (lambda c: b"", (None, None, None), "el archivo está vacío"),
    "bytes": (
        lambda c: bytes(range(128, 256)),
        (None, None, None),
        "no es texto en UTF-8, en UTF-16 ni en Windows-1252",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_wrong_is_said_once_with_its_place(name: str, tmp_path: Path) -> None:
    damage, (row, column, value), words = DAMAGES[name]
    problems = read(tmp_path, FILE, damage(SHIPPED)).problems
    assert len(problems) == 1, problems
    assert problems[0].file == FILE and words in problems[0].message
    assert problems[0].row == row
    if column:
        assert places(problems) == [(row, column, value)]


def test_a_bad_member_of_a_zip_is_named(tmp_path: Path) -> None:
    content = zipped({"4-CORPORACIÓN/a.csv": SHIPPED, "4-CORPORACIÓN/b.csv": SHIPPED.replace(b"NULOS", b"NULO", 1)})
    problems = read(tmp_path / "a", "trep.zip", content).problems
    assert [(item.file, item.row, item.column) for item in problems] == [("trep.zip/4-CORPORACIÓN/b.csv", 6, "NULOS")]
    twice = zipped({"a.csv": SHIPPED, "b.csv": SHIPPED})
    problems = read(tmp_path / "b", "trep.zip", twice).problems
    assert len(problems) == 24
    assert (problems[0].file, problems[0].row) == ("trep.zip/b.csv", 7)
    assert "ya está en trep.zip/a.csv, fila 7" in problems[0].message


@pytest.mark.parametrize(
    "content, words",
    [
        (zipped({"a.csv": SHIPPED})[:-30], "el ZIP está dañado o incompleto"),
        (zipped({"LEEME.txt": b"hola"}), "no hay ninguna mesa en el archivo"),
        (zipped({}), "el ZIP no contiene ningún archivo"),
    ],
)
def test_a_bad_zip(content: bytes, words: str, tmp_path: Path) -> None:
    problems = read(tmp_path, "trep.zip", content).problems
    assert [item.file for item in problems] == ["trep.zip"]
    assert words in problems[0].message


def test_several_deliveries_are_one_table(tmp_path: Path) -> None:
    other = trep(1, ["UNE"], [acta(1, CAPITAL, [10])])
    result = read(tmp_path, FILE, SHIPPED, ("gtm2023_e1.csv", other))
    assert result.problems == []
    assert result.tables[MESAS].groupby(["eleccion", "cargo"]).size().to_dict() == {
        ("2023-1", "presidencia"): 1,
        ("2023-repeticion", "corporacion_municipal"): 24,
    }
