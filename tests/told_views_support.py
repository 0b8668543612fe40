"""What the views of the site say of people by group, beside the maps: files, the crosses, and what was lost by hiding; and
what is drawn where something is hidden. It goes on from `told_support`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from tests.attack_support import TOTAL, Claim
from tests.site_support import Document, text_of
from tests.told_support import COLUMNS, Formula, Told, limits_of, number_of, room_of, times

Rows = Iterator[tuple[Formula, Any]]


class Views(Told):
    """Reads every view of the site."""

    def of_view(self, view: str, told: Mapping[str, Any]) -> Iterator[Claim]:
        """What the file of a view says, row by row."""
        if view in ("padron_mapa", "participacion_mapa"):
            yield from self.of_map(view.partition("_")[0], told)
            return
        for row in told["filas"]:
            for formula, value in self._row(view, told["consulta"], row):
                if value is not None:
                    if formula.share is None:
                        self._give_up(view)
                    room = 0.0 if formula.base is None and isinstance(value, int) else room_of(value)
                    where = f"{view}.json {told['consulta']} {[*row.values()][:6]}"
                    yield from formula.claims(value - room, value + room, where)

    def _row(self, view: str, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        kinds = {
            "cruces": self._crossed,
            "comparar": self._compared,
            "padron_lugar": self._compared,
            "participacion_lugar": self._compared,
            "participacion_lugares": self._by_place,
        }
        if view in kinds:
            yield from kinds[view](query, row)
        elif view.startswith("quien_vota_"):
            yield from self._who_voted(query, row)
        elif view.startswith("diaspora_"):
            yield from self._abroad(query, row)
        elif view in ("padron_edades", "padron_alfabetismo"):
            yield from self._registered(query, row)

    def _registered(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        part = self.cells.part("padron_cubo", str(query.get("corte") or ""))
        mine = self.place(str(query.get("lugar") or query.get("departamento") or ""))
        mine |= {name: row[name] for name in ("grupo_edad", "sexo") if name in row}
        for name, more in (
            ("mujeres", {"sexo": "mujeres"}),
            ("hombres", {"sexo": "hombres"}),
            ("empadronados", {}),
            ("alfabetas", {"alfabetismo": "alfabeta"}),
            ("analfabetas", {"alfabetismo": "analfabeta"}),
        ):
            if name in row:
                yield Formula(self.sum(part, "empadronados", mine | more)), row[name]
        if "analfabetas_por_ciento" in row:
            both = [self.sum(part, "empadronados", mine | {"alfabetismo": name}) for name in ("analfabeta", "alfabeta")]
            if None not in both:
                everybody = [*(both[0] or ()), *(both[1] or ())]
                yield Formula(both[0], everybody), row["analfabetas_por_ciento"]

    def _who_voted(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        election = str(row.get("eleccion_codigo") or query.get("eleccion") or "")
        part = self.cells.part("participacion_cubo", "", election)
        place = self.place(str(query.get("lugar") or query.get("departamento") or ""))
        if "grupo" in row:
            trait = {row["rasgo"]: row["valor"]} if row.get("rasgo") and row.get("valor") else {}
            by = next((column for column in COLUMNS.values() if row["valor"] in self.values[column]), "sexo")
            if "rasgo" not in row:
                trait = {by: row["valor"]} if row["valor"] else {}
            elif row["rasgo"] and row["rasgo"] not in (*COLUMNS.values(),):
                return
            asked = (
                self.group(query)
                if "rasgo" not in row
                else {
                    key: said
                    for key, said in self.group(query).items()
                    if key == "sexo" and row["rasgo"] not in ("", "sexo")
                }
            )
            group = place | asked | trait
            voters, roll = (self.sum(part, name, group) for name in ("votantes", "empadronados"))
            if row.get("rasgo", "x"):
                yield from ((Formula(voters), row["votaron"]), (Formula(roll), row["empadronados"]))
                yield Formula(voters, roll), row["por_cien"]
            return
        age = place | {"grupo_edad": row["grupo_edad"]}
        pair = []
        for sex in ("mujeres", "hombres"):
            voters, roll = (self.sum(part, name, age | {"sexo": sex}) for name in ("votantes", "empadronados"))
            yield from ((Formula(voters), row[f"votaron_{sex}"]), (Formula(roll), row[f"empadronados_{sex}"]))
            yield Formula(voters, roll), row[f"por_cien_{sex}"]
            pair += [voters, roll]
        if row.get("distancia") is not None:
            yield self.points(*pair) or Formula(None), row["distancia"]

    def _abroad(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        election = str(row.get("eleccion") or query.get("eleccion") or "")
        voted = query.get("cuenta") not in (None, "", "empadronados") or "votantes" in row
        part = self.cells.part(
            "participacion_extranjero_cubo" if voted else "extranjero_cubo", str(query.get("corte") or ""), election
        )
        where = str(
            row.get("codigo_ciudad")
            or row.get("codigo_lugar")
            or row.get("codigo_estado")
            or row.get("codigo_pais")
            or ""
        )
        mine = self.group(query)
        if where in self.cities and where != TOTAL:
            mine |= self.cities[where]
        elif where:
            inside = (
                any(path.get("estado_residencia") == where for path in self.cities.values())
                and row.get("nivel") != "País"
            )
            mine |= {"pais_residencia": "US", "estado_residencia": where} if inside else {"pais_residencia": where}
        mine |= {"codigo_departamento_origen": row["codigo_origen"]} if row.get("codigo_origen") else {}
        mine |= {"grupo_edad": row["grupo_edad"]} if row.get("grupo_edad") else {}
        for name in ("empadronados", "votantes"):
            if name in row:
                yield Formula(self.sum(part, name, mine)), row[name]
        counted = "votantes" if query.get("cuenta") == "votantes" else "empadronados"
        for sex in ("mujeres", "hombres"):
            if sex in row:
                yield Formula(self.sum(part, counted, mine | {"sexo": sex})), row[sex]
        if "participacion" in row:
            yield Formula(self.sum(part, "votantes", mine), self.sum(part, "empadronados", mine)), row["participacion"]
        if "por_ciento" in row and query.get("cuenta") in ("empadronados", "votantes"):
            base = self.group(
                {name: value for name, value in query.items() if name in ("sexo", "edad", "origen", "estado", "ciudad")}
            )
            if not row.get("codigo_lugar"):
                yield Formula(self.sum(part, counted, mine), self.sum(part, counted, base)), row["por_ciento"]

    def _crossed(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        abroad = query.get("departamento") == "25" or any(
            query.get(name) for name in ("pais", "estado", "ciudad", "origen")
        )
        sides = {query[side]: row[f"codigo_{end}"] for side, end in (("filas", "fila"), ("columnas", "columna"))}
        abroad = abroad or bool({"pais", "estado", "ciudad", "origen"} & set(sides))
        cube = ("participacion_" if row["eleccion"] else "") + ("extranjero_cubo" if abroad else "cubo")
        part = self.cells.part(
            cube if cube != "cubo" else "padron_cubo", str(row["fecha_corte"] or ""), str(row["eleccion"] or "")
        )
        asked = {name: value for name, value in query.items() if name not in sides}
        mine = self.group(asked) | (
            self.place(str(query.get("municipio") or query.get("departamento") or "")) if not abroad else {}
        )
        for name, code in sides.items():
            if code != TOTAL:
                mine |= self.place(code) if name in ("departamento", "municipio") else self.group({name: code})
        roll, voters = (self.sum(part, name, mine) for name in ("empadronados", "votantes"))
        if query.get("cuenta") in ("votaron", "abstencion"):
            share = voters if query["cuenta"] == "votaron" else [*(roll or ()), *times(voters, -1.0)]
            share = None if roll is None or voters is None else share
            yield from (
                (Formula(share), row["personas"]),
                (Formula(roll), row["padron"]),
                (Formula(share, roll), row["porcentaje"]),
            )
            return
        own = voters if query.get("cuenta") == "votantes" else roll
        yield Formula(own), row["personas"]

    def _compared(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        pairs = dict(pair.split("=") for pair in str(row["grupo_pedido"]).split("&") if "=" in pair)
        year = re.search(r"en (\d{4})", row["titulo"])
        voted = row["indicador"] in ("votaron", "abstencion", "votantes", "padron-eleccion", "parte-votantes")
        day = re.search(r"(\d{1,2}) (\w{3}) (\d{4})", row["titulo"])
        election = str(query.get("eleccion") or (f"{year[1]}-1" if year else "")) if voted else ""
        cutoffs = [part.cutoff for part in self.cells.parts if day and part.cutoff.startswith(day[3])]
        part = self.cells.part(
            "participacion_cubo" if voted else "padron_cubo",
            cutoffs[0] if cutoffs else str(query.get("corte") or ""),
            election,
        )
        counts = self.counts(part, self.group(pairs), self.place(str(row["codigo"])), {"sexo": "hombres"})
        formula = self.formula(row["indicador"], counts, {}) if not row["indicador"].startswith("brecha") else None
        if formula:
            yield formula, row["valor"]
        elif row["valor"] is not None:
            self._give_up(f"comparar {row['indicador']}")

    def _by_place(self, query: Mapping[str, Any], row: Mapping[str, Any]) -> Rows:
        topic = "participacion" if query.get("eleccion") else "padron"
        part, _, _ = self.asked(topic, query)
        mine = self.place(str(row["codigo_municipio"]))
        for name in ("empadronados", "votantes"):
            if name in row:
                yield Formula(self.sum(part, name, mine)), row[name]

    # --- /cruces -------------------------------------------------------------------------------------------------------

    def of_cross_page(self, address: str, page: Document, told: Mapping[str, Any]) -> Iterator[Claim]:
        """The table of /cruces: the number of each cell, the one under it, and the limits of its colour."""
        legend = {
            str(item.get("class")): limits_of(text_of(item))
            for item in page.all(".leyenda-calor li")
            if item.get("class") != "conf"
        }
        rows = {(row["codigo_fila"], row["codigo_columna"]): row for row in told["filas"]}
        columns = [str(head.get("data-c")) for head in page.all("#tabla-cruce thead th")][1:]
        for line in page.all("#tabla-cruce tbody tr, #tabla-cruce tfoot tr"):
            for column, cell in zip(columns, line.cssselect("td"), strict=True):
                row = rows[str(line.get("data-f")), column]
                figures = [formula for formula, _ in self._crossed(told["consulta"], row)]
                where = f"{address} {line.get('data-f')} x {column}"
                for part in cell.cssselect("b, small"):
                    yield from self._cell(figures, text_of(part), where)
                colour = next((name for name in str(cell.get("class")).split() if name in legend), "")
                if colour and len(figures) == 3:
                    low, high = legend[colour]
                    yield from figures[2].claims(low - 0.05, high + 0.05, f"{where} {colour}")

    @staticmethod
    def _cell(figures: list[Formula], text: str, where: str) -> Iterator[Claim]:
        said = number_of(text)
        if not said or "menos de" in text:
            return
        if "%" not in text:
            yield from figures[0].claims(said[0], said[0], f"{where} «{text}»")
        elif len(figures) == 3:
            yield from figures[2].claims(said[0] - said[1], said[0] + said[1], f"{where} «{text}»")

    # --- The manifest --------------------------------------------------------------------------------------------------

    def of_manifest(self, manifest: Mapping[str, Any]) -> Iterator[Claim]:
        """What a release says was lost by hiding: how many people are in each cross, and in its hidden cells."""
        for dataset in manifest["datasets"]:
            for said in dataset.get("utilidad") or ():
                part = self.cells.part(dataset["nombre"], said.get("corte", ""), said.get("eleccion", ""))
                measure, cross = said["cifra"], said["cruce"].split(" × ")
                if part is None:
                    continue
                keys, numbers = self.cells.rows[part, measure]
                inner = {
                    "codigo_municipio": ["codigo_departamento"],
                    "ciudad_residencia": ["pais_residencia", "estado_residencia"],
                }
                filled = {name for item in cross for name in (item, *inner.get(item, ()))}
                mine = [(keys[name] != TOTAL).to_numpy() == (name in filled) for name in keys]
                chosen = numbers[[all(flags) for flags in zip(*mine, strict=True)]].tolist()
                unseen = [cell for cell in chosen if self.cells.counts[cell] != self.cells.counts[cell]]
                where = f"manifest.json {dataset['nombre']} {said}"
                yield from Formula([(cell, 1.0) for cell in chosen]).claims(said["personas"], said["personas"], where)
                if unseen:
                    people = said["personas_en_celdas_ocultas"]
                    yield from Formula([(cell, 1.0) for cell in unseen]).claims(people, people, where)


# --- What is drawn --------------------------------------------------------------------------------------------------------

SIZES = re.compile(
    r"(?:^|;)\s*(width|height|--n|--parte|--lleno|--largo|stroke-width|transform|clip-path)\s*:\s*([^;]*\d[^;]*)"
)
DRAWN = ("width", "height", "r", "rx", "ry", "x2", "y2", "data-valor", "data-value", "value", "aria-valuenow")


def drawn_for_hidden(page: Document) -> list[str]:
    """Where something that is marked as confidential has a size, a colour of a class, or a number of its own.

    What a whole map or chart does not show is counted apart (`.cobertura`, legends): `Told` reads that.
    """
    found = []
    for node in page.all("main *"):
        own = f"{node.get('class') or ''} {node.text or ''}".lower()
        if not re.search(r"\bconf(idencial)?\b|pieza-conf|oculta\b", own) or node.tag in (
            "pattern",
            "p",
            "strong",
            "h2",
        ):
            continue
        if any(
            set((item.get("class") or "").split()) & {"cobertura", "leyenda", "tramas"}
            for item in (node, *node.iterancestors())
        ):
            continue
        sizes = [item for item in SIZES.findall(node.get("data-estilo") or "")]
        sizes += [(name, node.get(name)) for name in DRAWN if node.get(name)]
        inside = [child for child in node.iterdescendants() if SIZES.search(child.get("data-estilo") or "")]
        colour = [name for name in (node.get("class") or "").split() if re.fullmatch(r"q\d", name)]
        digits = [word for word in _words(node) if any(letter.isdigit() for letter in word)] if node.tag == "td" else []
        if sizes or inside or colour or digits:
            found.append(
                f"<{node.tag} class={node.get('class')}> {sizes} {[item.get('data-estilo') for item in inside]} {colour} {digits}"
            )
    return found


def _words(node: HtmlElement) -> list[str]:
    return [text_of(node), *(value for name in ("title", "aria-label") if (value := node.get(name)))]
