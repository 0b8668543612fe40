"""/estado: how fresh each source is, how the last run ended and what waits for somebody. What needs somebody goes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from markupsafe import Markup

from dashboard.commitment.petition import LAW
from dashboard.figures import freshness
from dashboard.figures.freshness import TICK, DatasetAge, Freshness, SourceAge
from dashboard.pages.model import Page, Request, Screen, face_of
from dashboard.render.attributes import Attributes
from dashboard.render.dash_doors import Component, html
from dashboard.render.icons import CHECK, CLOCK, DIFFERENT, LOCK, UNKNOWN, icon
from dashboard.site import Site
from dashboard.words import integer, listing, long_date, plural, short_date
from etl.release import ReleaseError
from etl.release.periods import NEVER
from etl.release.state import STATE, RunFacts, State, WaitingFacts, read_state

PATH = "/estado"
RUNS_SHOWN, REASONS_SHOWN, WAITING_SHOWN = 8, 5, 8
#: The groups of the table: the shape and the words of each.
GROUPS = {
    Freshness.OVERDUE: (CLOCK, "Toca pedirlas"),
    Freshness.CURRENT: (CHECK, "Al día"),
    Freshness.UNTIL_ELECTION: (CHECK, "Al día hasta la próxima elección"),
    Freshness.ENDLESS: (LOCK, "No vencen"),
    Freshness.UNDECLARED: (UNKNOWN, "Sin periodo declarado"),
}
ORDERS = {"publish": "publicación", "build": "construcción", "check": "revisión"}
COLUMNS = ("Fuente", "Corte", "Edad, y cada cuánto se espera", "Última corrida", "Cómo está")
#: What fills the part of a bar that is over its period.
HATCH = Markup(
    '<svg class="oculto" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="rayado" width="3" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<path class="trama-linea" d="M0 0v6"/></pattern></defs></svg>'
)
Parts = list[Component | str]


@dataclass(frozen=True)
class Standing:
    """Everything the page says, found at one moment."""

    today: date
    state: State | None
    unread: str
    sources: Sequence[DatasetAge]
    damaged: tuple[str, ...]

    @property
    def last(self) -> RunFacts | None:
        """The last run that is known of."""
        return self.state["corridas"][0] if self.state and self.state["corridas"] else None

    @property
    def waits(self) -> Sequence[WaitingFacts]:
        """What is in its place and not published."""
        return self.state["espera"] if self.state else ()


def standing(site: Site) -> Standing:
    """How everything is now: the release on the disk, and what the ETL left beside it."""
    day, state, unread = freshness.today(), None, ""
    try:
        state = read_state(site.release.root.parent)
    except ReleaseError as error:
        unread = str(error)
    return Standing(day, state, unread, freshness.ages(site.data, state, day), site.release.files.damaged())


def build(site: Site, request: Request) -> Screen:
    """The page."""
    now, accessible = standing(site), request.face.accessible
    answer = _answer(now)
    content = html.Div(
        [
            HATCH,
            html.P(f"Datos · estado de las fuentes, al {long_date(now.today)}", className="migas"),
            html.H1("¿Qué tan al día están los datos?"),
            html.P([html.Strong(part) if part.isdecimal() else part for part in answer], className="respuesta"),
            *_needs(site, now),
            _key_facts(site, now),
            _table(now, accessible),
            _legend(),
            html.Div([_runs(now), _programs()], className="estado-pie"),
        ],
        className="pagina-estado",
    )
    return Screen(
        title="Estado de las fuentes: cortes, plazos y última corrida | Padrón Abierto",
        description="".join(answer),
        content=(content,),
    )


def _answer(now: Standing) -> list[str]:
    """The answer to the question, with its figures apart."""
    counts = freshness.counts(now.sources)
    overdue, unknown = counts[Freshness.OVERDUE], counts[Freshness.UNDECLARED]
    total = len(now.sources)
    said = ["De ", str(total), " fuentes, ", str(total - overdue - unknown), " están al día o no vencen"]
    said += [" y en ", str(overdue), " ya pasó el plazo de la entrega siguiente"] if overdue else []
    said += ["; ", str(unknown), " no dicen cada cuánto se renuevan"] if unknown else []
    if now.last is None:
        return [*said, "."]
    return [*said, ". La última corrida ", "terminó bien." if not now.last["codigo"] else "no terminó bien."]


# --- What needs somebody ----------------------------------------------------------------------------------------------


def _needs(site: Site, now: Standing) -> list[Component]:
    """What somebody has to look at, the worst first; nothing when there is nothing."""
    found = [*_damage(site, now), *_failure(now), *_waiting(now), *_unknown(now)]
    if not found:
        return []
    items = [html.Li([icon(shape), html.Div(parts)]) for shape, parts in found]
    title = html.H2("Qué necesita a alguien", id="necesita")
    return [
        html.Section([title, html.Ul(items, className="pendientes")], **Attributes({"aria-labelledby": "necesita"}))
    ]


def _damage(site: Site, now: Standing) -> list[tuple[str, Parts]]:
    if not now.damaged:
        return []
    text = f"{listing(now.damaged[:5])}{' y más' if len(now.damaged) > 5 else ''}. Se repara al publicar otra vez."
    title = plural(len(now.damaged), "archivo dañado en el disco", "archivos dañados en el disco")
    return [(DIFFERENT, [html.Strong(title), html.P(text)])]


def _failure(now: Standing) -> list[tuple[str, Parts]]:
    run = now.last
    if run is None or not run["codigo"]:
        return []
    title = f"La última {ORDERS.get(run['orden'], run['orden'])} no terminó bien (código {run['codigo']})"
    reasons = html.Ul([html.Li(text) for text in run["motivos"][:REASONS_SHOWN]]) if run["motivos"] else ""
    kept = f"Sigue vigente {run['publicacion']}." if run["publicacion"] else "No hay ninguna publicación."
    return [(DIFFERENT, [html.Strong(title), html.P([_when(run), ". ", run["veredicto"]]), reasons, html.P(kept)])]


def _waiting(now: Standing) -> list[tuple[str, Parts]]:
    if not now.waits:
        return []
    title = plural(len(now.waits), "entrega espera ser publicada", "entregas esperan ser publicadas")
    lines = [html.Li(_said_of(item)) for item in now.waits[:WAITING_SHOWN]]
    if len(now.waits) > WAITING_SHOWN:
        lines.append(html.Li(f"y {len(now.waits) - WAITING_SHOWN} más"))
    return [(CLOCK, [html.Strong(title), html.Ul(lines)])]


def _said_of(item: WaitingFacts) -> str:
    cutoff = f", corte {long_date(date.fromisoformat(item['corte']))}" if item["corte"] else ""
    if item["clase"] == "cubos":
        return f"Conteo del padrón persona por persona{cutoff}. Se protege y se publica con «publish»."
    return f"{item['dataset']}: {item['archivo']}{cutoff}."


def _unknown(now: Standing) -> list[tuple[str, Parts]]:
    if now.unread:
        return [(UNKNOWN, [html.Strong("No se sabe cómo terminó la última corrida"), html.P(f"{now.unread}.")])]
    if now.state is None:
        text = f"No hay {STATE} junto a las publicaciones: se ve lo que dice la publicación vigente, no lo que espera."
        return [(UNKNOWN, [html.Strong("No se sabe cómo terminó la última corrida"), html.P(text)])]
    return []


# --- The facts at a glance --------------------------------------------------------------------------------------------


def _key_facts(site: Site, now: Standing) -> Component:
    run, total = now.last, len(site.release.manifest["archivos"]) + 2
    whole = total - len(now.damaged)
    facts: list[tuple[str, Component | str, str]] = [
        (
            "Publicación vigente",
            html.Code(site.release.id),
            "responde bien" if not now.damaged else "responde en parte",
        ),
        (
            "Última corrida",
            _when(run) if run else "No se sabe",
            f"{ORDERS.get(run['orden'], run['orden'])}: {_ending(run)}" if run else "el ETL no lo dejó escrito aquí",
        ),
        (
            "Archivos comprobados",
            f"{integer(whole)} de {integer(total)}",
            "idénticos a lo publicado" if not now.damaged else "los demás están dañados",
        ),
        (
            "Entregas en espera",
            integer(len(now.waits)) if now.waits else "Ninguna" if now.state else "No se sabe",
            "por publicar" if now.waits else "todo lo entregado está publicado" if now.state else "",
        ),
    ]
    items = [html.Li([html.Span(name), html.B(value), html.Small(more)]) for name, value, more in facts]
    return html.Ul(items, className="estado-claves")


def _when(run: RunFacts) -> str:
    when = freshness.moment(run["cuando"])
    return f"{short_date(when.date())}, {when:%H:%M}"


def _ending(run: RunFacts) -> str:
    return "terminó bien" if not run["codigo"] else f"no terminó bien (código {run['codigo']})"


# --- The table --------------------------------------------------------------------------------------------------------


def _table(now: Standing, accessible: bool) -> Component:
    head = html.Thead(
        html.Tr([html.Th(name, scope="col", role="columnheader") for name in COLUMNS], role="row"), role="rowgroup"
    )
    bodies = [
        _group(state, list(found), now, accessible)
        for state, found in groupby(now.sources, lambda item: item.deciding.freshness)
    ]
    title = "Cada fuente, su corte, su edad y cómo está"
    inner = html.Table(
        [html.Caption(title, className="oculto"), head, *bodies], className="tabla estado-tabla", role="table"
    )
    return html.Div(inner, className="tabla-marco", tabIndex=0, role="region", **Attributes({"aria-label": title}))


def _group(state: Freshness, found: Sequence[DatasetAge], now: Standing, accessible: bool) -> Component:
    shape, words = GROUPS[state]
    count = html.Span(plural(len(found), "fuente", "fuentes"), className="de")
    head = html.Th([icon(shape), words, " ", count], colSpan=len(COLUMNS), scope="rowgroup", role="rowheader")
    rows = [_row(item, now, accessible) for item in found]
    return html.Tbody([html.Tr(head, className="grupo", role="row"), *rows], role="rowgroup")


def _row(item: DatasetAge, now: Standing, accessible: bool) -> Component:
    source = item.deciding
    link = html.A(item.dataset["titulo"], href=face_of(f"/datos/{item.dataset['nombre']}", accessible).path)
    cells: list[Parts] = [
        [short_date(source.cutoff), *([html.Small(said)] if (said := source.facts["corte_texto"]) else [])],
        [
            html.Span([html.B(source.age(now.today)), html.Span(_period(source), className="de")], className="edad"),
            *_bar(source, now.today),
            *_others(item, now.today),
        ],
        _read(item),
        _told(item, now.today),
    ]
    named = [
        html.Td(
            [html.Span(f"{name}: ", className="rotulo", **Attributes({"aria-hidden": "true"})), *parts], role="cell"
        )
        for name, parts in zip(COLUMNS[1:], cells, strict=True)
    ]
    publisher = html.Span(source.facts["editor"], className="de")
    return html.Tr([html.Th([link, publisher], scope="row", role="rowheader"), *named], role="row")


def _cutoff(source: SourceAge) -> str:
    return source.facts["corte_texto"] or long_date(source.cutoff)


def _period(source: SourceAge) -> str:
    return source.period or "sin periodo declarado"


def _bar(source: SourceAge, day: date) -> Parts:
    """The age as a bar: the tick is the period, the hatch what has gone over it. The words beside it say the same."""
    share = source.share(day)
    if share is None:
        return []
    over = max(0.0, share - TICK)
    hatch = f'<rect class="pasado" x="{TICK}" y="6" width="{over:.1f}" height="10"/>' if over else ""
    drawn = (
        '<svg class="edad-barra" viewBox="0 0 100 22" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="fondo" x="0" y="6" width="100" height="10"/>'
        f'<rect class="transcurrido" x="0" y="6" width="{min(share, TICK):.1f}" height="10"/>{hatch}'
        f'<path class="plazo" d="M{TICK} 1v20"/></svg>'
    )
    return [Markup(drawn)]


def _others(item: DatasetAge, day: date) -> Parts:
    """Every source of a dataset that has several, folded."""
    if len(item.sources) < 2:
        return []
    lines = [
        html.Li(
            f"{source.facts['titulo']} ({source.facts['editor']}): corte {_cutoff(source)}, {source.age(day)}, "
            f"{_period(source)}."
        )
        for source in item.sources
    ]
    return [html.Details([html.Summary(f"Sus {len(item.sources)} fuentes"), html.Ul(lines)])]


def _read(item: DatasetAge) -> Parts:
    rows = plural(item.rows, "fila", "filas")
    first = f"No pasó: {plural(item.problems, 'problema', 'problemas')}" if item.problems else f"Pasó · {rows}"
    more = [plural(item.rejected, "rechazada", "rechazadas") + " con su motivo"] if item.rejected else []
    more += [plural(item.notices, "advertencia", "advertencias")] if item.notices else []
    said = first if item.of_last_run else plural(item.rows, "fila publicada", "filas publicadas")
    return [html.Span(said), *(html.Small(text) for text in more)]


def _told(item: DatasetAge, day: date) -> Parts:
    """How it is, in words: until when it is fresh or, if it is not, what to write to whoever publishes it."""
    source = item.deciding
    if source.freshness is Freshness.OVERDUE:
        asked = html.Details([html.Summary("Texto para pedirla"), html.P(_letter(item), className="solicitud")])
        return [html.Span([icon(CLOCK), "Toca pedirla"], className="como"), asked]
    if source.freshness is Freshness.UNDECLARED:
        return ["Sin periodo declarado"]
    if source.period == NEVER:
        return ["No vence"]
    until = "hasta la próxima elección" if source.due is None else f"hasta el {long_date(source.due)}"
    return [html.Span("Al día"), html.Small(until)]


def _letter(item: DatasetAge) -> str:
    facts = item.deciding.facts
    cutoff = _cutoff(item.deciding)
    return (
        f"A: {facts['editor']}. Con base en {LAW}, solicito la entrega más reciente de «{facts['titulo']}», con corte posterior "
        f"al {cutoff}, en el mismo formato, con su fecha de corte y sus totales oficiales. Solo pido cifras agregadas, ningún "
        "dato personal. Si no hay una más reciente, pido que lo diga en su respuesta."
    )


# --- Under the table --------------------------------------------------------------------------------------------------


LEGEND = (
    "La raya vertical es el plazo en que se espera una entrega nueva; lo rayado, lo que ya pasó de él. Los plazos son "
    "propuestos.",
    "Lo que cambia con cada elección no envejece entre elecciones. «Advertencia» es algo que la fuente trae y conviene saber; no "
    "impide publicar.",
)


def _legend() -> Component:
    return html.Div([html.P(text) for text in LEGEND], className="estado-leyenda nota")


def _runs(now: Standing) -> Component:
    runs = now.state["corridas"][:RUNS_SHOWN] if now.state else []
    items = [
        html.Li(
            [
                icon(DIFFERENT if run["codigo"] else CHECK),
                html.Div(
                    [html.Strong(_when(run)), f" · {ORDERS.get(run['orden'], run['orden'])}", html.P(run["veredicto"])]
                ),
            ]
        )
        for run in runs
    ]
    none = html.P("Todavía no hay ninguna anotada.")
    rule = "Cuando una corrida encuentra un problema no publica nada: queda la anterior, y aquí se lee la causa."
    shown = html.Ul(items, className="corridas") if items else none
    return html.Section([html.H2("Las últimas corridas"), shown, html.P(rule, className="nota")])


def _programs() -> Component:
    links = [
        html.A("JSON", href="/api/v1/estado", className="boton"),
        html.A("CSV", href="/api/v1/estado.csv", className="boton", download=""),
    ]
    words = "Lo mismo que ve, para vigilarlo sin abrir la página."
    return html.Section([html.H2("Para programas"), html.P(words), html.P(links, className="botones")])


PAGE = Page(path=PATH, name="Estado de las fuentes", build=build, in_menu=False, kept=False)
