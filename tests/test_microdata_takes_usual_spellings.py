"""Promise: what staff write in usual ways is understood; what nobody declared is told, and never a word seldom seen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from etl import fields
from etl.microdata.layout import DEFAULT, date_parts
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


def with_layout(folder: Path, *changes: tuple[str, str]) -> tuple[str, str]:
    """The option of a layout like the one that comes, with some text changed."""
    text = DEFAULT.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "mi_extracto.toml").write_text(text, encoding="utf-8")
    return "--columnas", str(folder / "mi_extracto.toml")


# --- Identifiers ------------------------------------------------------------------------------------------------------

ONE_DPI = ("1590123450101", "1590 12345 0101", "1590-12345-0101", "1590 12345-0101", "1590\u00a012345\u20130101")


@pytest.mark.parametrize("first", ONE_DPI)
def test_every_spelling_of_one_identifier_is_one_person(first: str, tmp_path: Path) -> None:
    for number, second in enumerate(one for one in ONE_DPI if one != first):
        rows = [*changed(0, CUI=first), *changed(1, CUI=second)[1:2]]
        folder = tmp_path / str(number)
        assert count(write_csv(tmp_path / "padron.csv", rows), folder, *ANY).exit_code == 0
        assert [reason for _, _, reason in rejections(folder / CORTE)] == ["identificador_repetido"]


def test_what_is_left_out_of_an_identifier_is_declared(tmp_path: Path) -> None:
    rows = [*changed(0, CUI="A-1"), *changed(1, CUI="A1")[1:2], *changed(2, CUI="A/1")[2:3]]
    source = write_csv(tmp_path / "padron.csv", rows)
    for signs, repeated in ((" -", 1), ("", 0), ("-/", 2)):
        option = with_layout(tmp_path, ('identificador_sin = " -"', f'identificador_sin = "{signs}"'))
        assert count(source, tmp_path / "cubos", *option, *ANY).exit_code == 0
        assert reports(tmp_path / "cubos")[CORTE]["filas_rechazadas"] == repeated


@pytest.mark.parametrize("nothing", ["", "   ", "-", "NULL", "\\N", "N/D"])
def test_an_identifier_that_says_nothing_is_not_a_person_repeated(nothing: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", [*changed(0, CUI=nothing), *changed(1, CUI=nothing)[1:2]])
    assert count(source, tmp_path / "cubos", *ANY).exit_code == 0
    assert {reason for _, _, reason in rejections(tmp_path / "cubos" / CORTE)} == {"identificador_vacio"}


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


@pytest.mark.parametrize("column", SPELLINGS)
def test_labels_of_the_census_and_usual_spellings_are_understood(column: str, tmp_path: Path) -> None:
    rows = [
        (f"{number}", *changed(0, **{column: word})[0][1:])
        for number, word in enumerate(word for words in SPELLINGS[column].values() for word in words)
    ]
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos")
    assert result.exit_code == 0, result.output
    padron = cubes(tmp_path / "cubos")["padron_cubo"]
    found = {code: cell(padron, **{column.lower(): code}) for code in SPELLINGS[column]}
    assert found == {code: len(words) for code, words in SPELLINGS[column].items()}


def test_every_label_that_is_published_is_understood(tmp_path: Path) -> None:
    for column, labels in (
        ("ALFABETISMO", fields.ALFABETISMOS), ("PUEBLO", fields.PUEBLOS),
        ("COMUNIDAD_LINGUISTICA", fields.COMUNIDADES_LINGUISTICAS),
    ):  # fmt: skip
        words = [word for code, label in labels.items() for word in (code, label, label.upper())]
        rows = [(f"{number}", *changed(0, **{column: word})[0][1:]) for number, word in enumerate(words)]
        result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / column, "--max-desconocidos", "0")
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
    declared = with_layout(
        tmp_path, ("[valores.alfabetismo]", '[valores.pueblo]\nAzteca = "maya"\n\n[valores.alfabetismo]')
    )
    assert count(source, tmp_path / "cubos", *declared).exit_code == 0
    limit = with_layout(tmp_path, ("[desconocidos]\nmaximo = 0.01", "[desconocidos]\nmaximo = 0.7"))
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
    wrong = with_layout(tmp_path, ('sexo = "SEXO"', 'sexo = "NOMBRES"'))
    result = count(source, tmp_path / "cubos", *wrong, *ANY)
    assert result.exit_code == 1
    assert "uno" not in result.output.lower().replace("ninguno", "")
    assert reports(tmp_path / "cubos")[f"{CORTE}.rechazado"]["palabras_no_declaradas"] == []


@pytest.mark.parametrize("country", ["México", "Kazajistán", "CANADA", "Reino de España", "otro", "GB"])
def test_any_other_country_is_another(country: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", changed(7, PAIS_RESIDENCIA=country))
    assert count(source, tmp_path / "cubos", "--max-rechazos", "0", "--max-desconocidos", "0").exit_code == 0
    assert cell(cubes(tmp_path / "cubos")["extranjero_cubo"], pais_residencia="ZZ") == 1


@pytest.mark.parametrize("country", ["USA", "U.S.A.", "Estados Unidos de América", "EE UU", "United States"])
def test_the_united_states_have_many_names(country: str, tmp_path: Path) -> None:
    source = write_csv(tmp_path / "padron.csv", changed(5, PAIS_RESIDENCIA=country))
    assert count(source, tmp_path / "cubos").exit_code == 0
    assert cell(cubes(tmp_path / "cubos")["extranjero_cubo"], pais_residencia="US") == 2


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


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("date_format", FORMATS)
def test_every_date_format_gives_the_same_cubes(date_format: str, language: str, tmp_path: Path) -> None:
    days = (
        "1956-07-12",
        "1956-07-13",
        "2008-07-12",
        "2008-07-13",
        "2000-02-29",
        "1999-02-29",
        "1990-13-01",
        "1990-04-31",
    )
    rows = [*PEOPLE]
    plain = [(f"5{number}", *changed(0, FECHA_NACIMIENTO=day)[0][1:]) for number, day in enumerate(days[:6] + days[7:])]
    expected = count(write_csv(tmp_path / "padron.csv", [*rows, *plain]), tmp_path / "iso", *ANY)
    place = HEADER.index("FECHA_NACIMIENTO")
    other = [(*row[:place], written(row[place], date_format, language), *row[place + 1 :]) for row in [*rows, *plain]]
    option = with_layout(tmp_path, ('fecha = "AAAA-MM-DD"', f'fecha = "{date_format}"\npivote = 20'))
    result = count(write_csv(tmp_path / "padron.csv", other), tmp_path / "otra", *option, *ANY)
    assert (result.exit_code, expected.exit_code) == (0, 0), result.output
    assert cube_files(tmp_path / "otra") == cube_files(tmp_path / "iso")
    assert rejections(tmp_path / "otra" / CORTE) == rejections(tmp_path / "iso" / CORTE)


def test_days_without_zeros_other_signs_and_hours_are_understood(tmp_path: Path) -> None:
    days = ("4/5/1990", "04/5/1990", "4-5-1990", "04/05/1990 00:00:00", " 4/5/1990 ", "04.05.1990")
    rows = [(f"{number}", *changed(0, FECHA_NACIMIENTO=day)[0][1:]) for number, day in enumerate(days)]
    option = with_layout(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD/MM/AAAA"'))
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option)
    assert result.exit_code == 0, result.output
    assert cell(cubes(tmp_path / "cubos")["padron_cubo"], grupo_edad="36_40") == len(days)


@pytest.mark.parametrize(("pivot", "first"), [(8, "1908-01-01"), (99, "2008-01-01")])
def test_the_pivot_says_the_century(pivot: int, first: str, tmp_path: Path) -> None:
    option = with_layout(tmp_path, ('fecha = "AAAA-MM-DD"', f'fecha = "DD/MM/AA"\npivote = {pivot}'))
    rows = [*many(3, FECHA_NACIMIENTO="01/01/09"), ("1", *changed(0, FECHA_NACIMIENTO="01/01/08")[0][1:])]
    count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option, *ANY)
    old = 3 if pivot == 8 else 0  # of 1909, 117 years old; of 2009, not 18 yet
    padron = cubes(tmp_path / "cubos")["padron_cubo"]
    assert cell(padron, grupo_edad="70_mas") == old and cell(padron, grupo_edad="18_25") == 1


def test_two_digits_without_a_pivot_are_refused(tmp_path: Path) -> None:
    option = with_layout(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD-MON-YY"'))
    result = count(write_csv(tmp_path / "padron.csv"), tmp_path / "cubos", *option)
    assert result.exit_code == 1 and "hace falta pivote" in result.output


def test_dates_that_cannot_be_read_say_the_format_and_where_to_change_it(tmp_path: Path) -> None:
    rows = many(20, FECHA_NACIMIENTO="04/05/90")
    option = with_layout(tmp_path, ('fecha = "AAAA-MM-DD"', 'fecha = "DD/MM/AAAA"'))
    result = count(write_csv(tmp_path / "padron.csv", rows), tmp_path / "cubos", *option)
    assert result.exit_code == 1
    assert "20 filas: la fecha de nacimiento o la edad no se puede leer con el formato declarado" in result.output
    assert "(DD/MM/AAAA; se cambia en [formato] fecha de mi_extracto.toml)" in result.output
