"""Promise: what staff write in usual ways is understood; what nobody declared is told, and never a word seldom seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from etl import fields
from etl.cubes.declared import extranjero_cubo
from etl.microdata.layout import date_parts
from tests.forms_support import layout_with
from tests.long_support import light_and_long
from tests.microdata_support import (
    CORTE,
    HEADER,
    PEOPLE,
    cell,
    changed,
    count,
    cube_files,
    cubes,
    rejections,
    reports,
    write_csv,
)

ANY = ("--max-rechazos", "1", "--max-desconocidos", "1")


def many(how_many: int, **cells: str) -> list[tuple[str, ...]]:
    """That many people like the first one, with some cells changed."""
    return [(f"7{number:04}", *changed(0, **cells)[0][1:]) for number in range(how_many)]


# --- Identifiers ------------------------------------------------------------------------------------------------------

ONE_DPI = ("1590123450101", "1590 12345 0101", "1590-12345-0101", "1590 12345-0101", "1590\u00a012345\u20130101")


def test_every_spelling_of_one_identifier_is_one_person(tmp_path: Path) -> None:
    rows = [(spelling, *PEOPLE[number][1:]) for number, spelling in enumerate(ONE_DPI)]
    assert count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *ANY).exit_code == 0
    reasons = [reason for _, _, reason in rejections(tmp_path / "cubos" / CORTE)]
    assert reasons == ["identificador_repetido"] * (len(ONE_DPI) - 1)


def test_what_is_left_out_of_an_identifier_is_declared(tmp_path: Path) -> None:
    rows = [*changed(0, CUI="A-1"), *changed(1, CUI="A1")[1:2], *changed(2, CUI="A/1")[2:3]]
    source = write_csv(tmp_path / "padron.csv", rows)
    for signs, repeated in ((" -", 1), ("", 0), ("-/", 2)):
        option = layout_with(tmp_path, ('identificador_sin = " -"', f'identificador_sin = "{signs}"'))
        assert count(source, tmp_path / "cubos", *option, *ANY).exit_code == 0
        assert reports(tmp_path / "cubos")[CORTE]["filas_rechazadas"] == repeated


def test_an_identifier_that_says_nothing_is_not_a_person_repeated(tmp_path: Path) -> None:
    nothing = ("", "   ", "-", "NULL", "\\N", "N/D") * 2
    rows = [*PEOPLE, *((word, *PEOPLE[0][1:]) for word in nothing)]
    assert count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *ANY).exit_code == 0
    found = [reason for _, _, reason in rejections(tmp_path / "cubos" / CORTE)]
    assert found == ["identificador_vacio"] * len(nothing)


# --- Words ------------------------------------------------------------------------------------------------------------

SPELLINGS: dict[str, dict[str, Sequence[str]]] = {
    "SEXO": {
        "mujeres": ("F", "f", "Mujer", "FEMENINO", "mujeres"),
        "hombres": ("M", "H", "Hombre", "Masculino", "VARÓN"),
    },
    "ALFABETISMO": {
        "alfabeta": ("S", "Alfabeta", "ALFABETO", "Sabe leer y escribir", "alfabeta"),
        "analfabeta": ("N", "Analfabeto(a)", "No sabe leer y escribir", "no lee ni escribe"),
        "sin_dato": ("", "Ignorado", "No declarado", "N/A", "NULL"),
    },
    "PUEBLO": {
        "maya": ("Maya", "MAYA "),
        "garifuna": ("Garífuna", "garifuna", "GARINAGU"),
        "xinka": ("Xinka", "Xinca"),
        "afrodescendiente": (
            "Afrodescendiente / Creole / Afromestizo",
            "Afrodescendiente/Creole/Afromestizo",
            "Creole",
        ),
        "ladino": ("Ladina(o)", "Ladino", "LADINA", "Mestizo", "ladino/a", "Mestiza(o)"),
        "extranjera": ("Extranjera(o)", "Extranjero", "extranjera"),
    },
    "COMUNIDAD_LINGUISTICA": {
        "kiche": ("K'iche'", "K’iche’", "Quiché", "kiche"),
        "qeqchi": ("Q'eqchi'", "Kekchí", "QEQCHI"),
        "jakalteka": ("Jakalteko /Popti'", "Jakalteka (Popti’)", "Popti'", "Jacalteco"),
        "kaqchikel": ("Kaqchikel", "Cakchiquel"),
        "awakateka": ("Awakateko", "Aguacateco"),
        "tzutujil": ("Tz'utujil", "Tzutuhil"),
        "sin_dato": ("", "Ninguna", "No aplica"),
    },
}


def test_labels_of_the_census_and_usual_spellings_are_understood(tmp_path: Path) -> None:
    words = [(column, word) for column, codes in SPELLINGS.items() for some in codes.values() for word in some]
    nobody = {"ALFABETISMO": "S", "PUEBLO": "Maya", "COMUNIDAD_LINGUISTICA": "Mam", "SEXO": "F"}
    rows = [(f"{n}", *changed(0, **nobody | {column: word})[0][1:]) for n, (column, word) in enumerate(words)]
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos")
    assert result.exit_code == 0, result.output
    padron = cubes(tmp_path / "cubos")["padron_cubo"]
    for column, codes in SPELLINGS.items():
        others = sum(one != column for one, _ in words)
        for code, some in codes.items():
            plain = code == {"SEXO": "mujeres", "ALFABETISMO": "alfabeta", "PUEBLO": "maya"}.get(column)
            assert cell(padron, **{column.lower(): code}) == len(some) + others * plain, (column, code)


def test_every_label_that_is_published_is_understood(tmp_path: Path) -> None:
    rows = [
        (f"{column}{code}{number}", *changed(0, **{column: word})[0][1:])
        for column, labels in (
            ("ALFABETISMO", fields.ALFABETISMOS), ("PUEBLO", fields.PUEBLOS),
            ("COMUNIDAD_LINGUISTICA", fields.COMUNIDADES_LINGUISTICAS), ("SEXO", fields.SEXOS),
        )
        for code, label in labels.items()
        for number, word in enumerate((code, label, label.upper()))
    ]  # fmt: skip
    exact = ("--max-desconocidos", "0", "--max-rechazos", "0")
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *exact)
    assert result.exit_code == 0, result.output


def test_a_word_that_nobody_declared_is_no_answer_and_it_is_told(tmp_path: Path) -> None:
    rows = [*PEOPLE, *many(12, PUEBLO="Azteca"), *many(30)[12:]]
    rows += [("80001", *changed(0, PUEBLO="VALOR DE UNA PERSONA", MESA="diez", ALFABETISMO="quizá")[0][1:])]
    source = write_csv(tmp_path / "padron.csv", rows)
    result = count(source, tmp_path / "cubos", "--max-desconocidos", "0.5")
    assert result.exit_code == 0, result.output
    assert f"Filas leídas: {len(rows)} = cargadas {len(rows)} + rechazadas 0" in result.output
    assert "13 filas cargadas «sin dato» en pueblo" in result.output
    assert (
        "en pueblo se repiten palabras que no están declaradas: «azteca» (12); declárelas en [valores.pueblo]"
        in result.output
    )
    assert "1 filas cargadas «sin dato» en mesa: el número de mesa no es un entero positivo" in result.output
    report = reports(tmp_path / "cubos")[CORTE]
    assert report["sin_dato_por_no_declarado"] == {"alfabetismo": 1, "mesa": 1, "pueblo": 13}
    assert report["palabras_no_declaradas"] == [{"columna": "pueblo", "palabra": "azteca", "filas": 12}]
    everything = result.output + (tmp_path / "cubos" / CORTE / "informe.json").read_text(encoding="utf-8")
    assert "persona" not in everything.lower().replace("personas", "") or "valor de una" not in everything.lower()
    assert cell(cubes(tmp_path / "cubos")["padron_cubo"], pueblo="sin_dato") == 14


def test_too_many_words_that_nobody_declared_stop_the_job(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", [*PEOPLE, *many(12, PUEBLO="Azteca")])
    result = count(source, tmp_path / "cubos")
    assert result.exit_code == 1
    assert (
        "hay columnas con demasiados valores que nadie declaró: pueblo (60.00%); lo más que se admite es 1.00%"
        in result.output
    )
    assert "«azteca» (12)" in result.output
    assert not (tmp_path / "cubos" / CORTE).exists()
    declared = layout_with(
        tmp_path, ("[valores.alfabetismo]", '[valores.pueblo]\nAzteca = "maya"\n\n[valores.alfabetismo]')
    )
    assert count(source, tmp_path / "cubos", *declared).exit_code == 0
    limit = layout_with(tmp_path, ("[desconocidos]\nmaximo = 0.01", "[desconocidos]\nmaximo = 0.7"))
    assert count(source, tmp_path / "cubos", *limit).exit_code == 0


def test_words_that_rejected_rows_repeat_are_told_so_that_they_can_be_declared(tmp_path: Path) -> None:
    rows = [*PEOPLE, *many(11, SEXO="Dama"), *[("9" + r[0], *r[1:]) for r in many(9, SEXO="Señora")]]
    rows += [("8" + row[0], *row[1:]) for row in many(15, CODDEP="77", CODMUN="3")]
    rows += [("6" + row[0], *row[1:]) for row in many(10, VOTO_2023_1="Sufragó")]
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *ANY)
    assert result.exit_code == 0, result.output
    assert (
        "en sexo se repiten palabras que no están declaradas: «dama» (11); declárelas en [valores.sexo]"
        in result.output
    )
    assert "en municipio se repiten palabras que no están declaradas: «77-3» (15); no son del catálogo" in result.output
    assert (
        "en voto 2023-1 se repiten palabras que no están declaradas: «sufrago» (10); declárelas en [valores.voto]"
        in result.output
    )
    assert "enora" not in result.output  # nine rows


def test_a_column_of_names_taken_for_a_coded_one_tells_no_name(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", [*PEOPLE, *many(8)])
    wrong = layout_with(tmp_path, ('sexo = "SEXO"', 'sexo = "NOMBRES"'))
    result = count(source, tmp_path / "cubos", *wrong, *ANY)
    assert result.exit_code == 1
    assert "uno" not in result.output.lower().replace("ninguno", "")
    assert reports(tmp_path / "cubos")[f"{CORTE}.rechazado"]["palabras_no_declaradas"] == []


def test_the_united_states_have_many_names_and_any_other_country_is_another(tmp_path: Path) -> None:
    others = ("México", "Kazajistán", "CANADA", "Reino de España", "otro", "GB", "GUATEMALA 2")
    united = ("USA", "U.S.A.", "Estados Unidos de América", "EE UU", "United States", "eeuu")
    rows = [(f"{n}", *changed(5, PAIS_RESIDENCIA=name)[5][1:]) for n, name in enumerate((*others, *united))]
    exact = ("--max-desconocidos", "0", "--max-rechazos", "0")
    assert count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *exact).exit_code == 0
    abroad = cubes(tmp_path / "cubos")["extranjero_cubo"]
    found = [cell(abroad, pais_residencia=code) for code in ("ZZ", "US")]
    assert found == [len(others), len(united)]


# --- Dates ------------------------------------------------------------------------------------------------------------

MONTHS = {
    "ES": ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}


def written(day: str, date_format: str, language: str) -> str:
    """A date AAAA-MM-DD in another format."""
    if not day:
        return day
    year, month, of_month = day.split("-")
    parts = {"AAAA": year, "AA": year[2:], "MM": month, "DD": of_month, "MON": MONTHS[language][int(month) - 1]}
    return "".join(parts.get(part, part) for part in date_parts(date_format) or ())


FORMATS = ("DD-MON-YY", "DD-MON-AAAA", "DD/MM/AAAA", "MM/DD/AAAA", "AAAAMMDD", "DDMONAA", "DD.MM.AA", "AAAA/MM/DD")


DAYS = ("1956-07-12", "1956-07-13", "2008-07-12", "2008-07-13", "2000-02-29", "1999-02-29", "1990-04-31", "1920-01-01")


@pytest.fixture(scope="module")
def dated() -> list[tuple[str, ...]]:
    """People born on days at the edge of something."""
    more = [(f"5{number}", *changed(0, FECHA_NACIMIENTO=day)[0][1:]) for number, day in enumerate(DAYS)]
    months = [(f"6{n}", *changed(0, FECHA_NACIMIENTO=f"1980-{n:02}-05")[0][1:]) for n in range(1, 13)]
    return [*PEOPLE, *more, *months]


@pytest.fixture(scope="module")
def as_iso(dated: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Their cubes, from dates as AAAA-MM-DD."""
    folder = tmp_path_factory.mktemp("iso")
    assert count(write_csv(folder / "padron.csv", dated), folder / "cubos", *ANY).exit_code == 0
    return folder / "cubos"


@pytest.mark.parametrize("date_format", light_and_long(FORMATS, 9))
def test_every_date_format_gives_the_same_cubes(
    date_format: str, dated: list[tuple[str, ...]], as_iso: Path, tmp_path: Path
) -> None:
    place, languages = HEADER.index("FECHA_NACIMIENTO"), list(MONTHS) * len(dated)
    other = [
        (*row[:place], written(row[place], date_format, language), *row[place + 1 :])
        for row, language in zip(dated, languages, strict=False)
    ]
    option = layout_with(tmp_path, ('fecha = "AAAA-MM-DD"', f'fecha = "{date_format}"\npivote = 19'))
    result = count(write_csv(tmp_path / "padron.csv", other), tmp_path / "cubos", *option, *ANY)
    assert result.exit_code == 0, result.output
    assert cube_files(tmp_path / "cubos") == cube_files(as_iso)
    assert rejections(tmp_path / "cubos" / CORTE) == rejections(as_iso / CORTE)


def test_days_without_zeros_other_signs_and_hours_are_understood(tmp_path: Path) -> None:
    days = ("4/5/1990", "04/5/1990", "4-5-1990", "04/05/1990 00:00:00", " 4/5/1990 ", "04.05.1990")
    rows = [(f"{number}", *changed(0, FECHA_NACIMIENTO=day)[0][1:]) for number, day in enumerate(days)]
    option = layout_with(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD/MM/AAAA"'))
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option)
    assert result.exit_code == 0, result.output
    assert cell(cubes(tmp_path / "cubos")["padron_cubo"], grupo_edad="36_40") == len(days)


@pytest.mark.parametrize(("pivot", "first"), [(8, "1908-01-01"), (99, "2008-01-01")])
def test_the_pivot_says_the_century(pivot: int, first: str, tmp_path: Path) -> None:
    option = layout_with(tmp_path, ('fecha = "AAAA-MM-DD"', f'fecha = "DD/MM/AA"\npivote = {pivot}'))
    rows = [*many(3, FECHA_NACIMIENTO="01/01/09"), ("1", *changed(0, FECHA_NACIMIENTO="01/01/08")[0][1:])]
    count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option, *ANY)
    old = 3 if pivot == 8 else 0  # of 1909, 117 years old; of 2009, not 18 yet
    padron = cubes(tmp_path / "cubos")["padron_cubo"]
    assert cell(padron, grupo_edad="70_mas") == old and cell(padron, grupo_edad="18_25") == 1


def test_two_digits_without_a_pivot_are_refused(tmp_path: Path) -> None:
    option = layout_with(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD-MON-YY"'))
    result = count(write_csv(tmp_path / "padron.csv"), tmp_path / "cubos", *option)
    assert result.exit_code == 1 and "hace falta pivote" in result.output


def test_dates_that_cannot_be_read_say_the_format_and_where_to_change_it(tmp_path: Path) -> None:
    rows = many(20, FECHA_NACIMIENTO="04/05/90")
    option = layout_with(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD/MM/AAAA"'))
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option)
    assert result.exit_code == 1
    assert "20 filas: la fecha de nacimiento o la edad no se puede leer con el formato declarado" in result.output
    assert "(DD/MM/AAAA; se cambia en [formato] fecha de mi_extracto.toml)" in result.output


UNSAID = (
    {"PAIS_RESIDENCIA": "", "ESTADO_RESIDENCIA": "California", "DEPARTAMENTO_ORIGEN": "Petén"},
    {"PAIS_RESIDENCIA": "EE.UU.", "ESTADO_RESIDENCIA": "n/a", "DEPARTAMENTO_ORIGEN": ""},
    *({"PAIS_RESIDENCIA": "US", "ESTADO_RESIDENCIA": "Jutiapa", "DEPARTAMENTO_ORIGEN": "Chiapas"} for _ in range(10)),
)


def test_a_place_abroad_that_nobody_declared_is_no_answer_of_a_person_who_is_counted(tmp_path: Path) -> None:
    """Its share is of those who live abroad: of the whole registry, they would never be too many."""
    rows = [(f"7{n}", *changed(6, **cells)[6][1:]) for n, cells in enumerate(UNSAID)]
    source = write_csv(tmp_path / "padron.csv", [*PEOPLE, *rows])
    result = count(source, tmp_path / "cubos", "--max-desconocidos", "0.8", "--max-rechazos", "0")
    assert result.exit_code == 0, result.output
    assert (
        "en estado_residencia se repiten palabras que no están declaradas: «jutiapa» (10); no son del" in result.output
    )
    assert reports(tmp_path / "cubos")[CORTE]["sin_dato_por_no_declarado"] == {
        "departamento_origen": 11, "estado_residencia": 11, "pais_residencia": 1,
    }  # fmt: skip
    abroad = cubes(tmp_path / "cubos")["extranjero_cubo"]
    assert cell(abroad) == 15
    assert cell(abroad, pais_residencia="US", estado_residencia="sin_dato", ciudad_residencia="sin_dato") == 11
    assert cell(abroad, pais_residencia="sin_dato") == 1
    assert cell(abroad, codigo_departamento_origen="sin_dato") == 11
    marks = [item.published(level) for item in extranjero_cubo.dimensions for level in item.levels]
    assert all(abroad[field.name].str.fullmatch(field.pattern).all() for field in marks if field.pattern)
    refused = count(source, tmp_path / "otros", "--max-desconocidos", "0.7")
    assert refused.exit_code == 1 and "departamento_origen (73.33%), estado_residencia (73.33%)" in refused.output
