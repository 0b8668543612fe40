"""Charts as bars that need nothing but the style sheet, in both modes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape

from markupsafe import Markup

from dashboard.kinds import barras, serie
from dashboard.kinds.palette import OWN_COLOUR
from dashboard.render.html import DECLARES, text
from dashboard.view import Answer
from dashboard.words import WITHHELD


def bars(answer: Answer) -> Markup:
    """The picture of `answer`; KeyError for a kind that has none."""
    return PICTURES[answer.kind](answer.facts)


def share_bars(facts: barras.Facts) -> Markup:
    """Shares as bars, in a list; the table beside them says the same to a screen reader."""
    return _mirrored(facts) if facts.sides else _simple(facts)


def _simple(facts: barras.Facts) -> Markup:
    items = [
        f'<li{_own(bar)}><span class="etiqueta">{text(bar.name)}</span>'
        f"{''.join(_drawn(facts, bar.part, bar.part.share or 0, 100))}</li>"
        for bar in facts.drawn
    ]
    return _listed("ul", "barras", items)


def _listed(tag: str, name: str, items: Iterable[str]) -> Markup:
    return Markup(f'<{tag} aria-hidden="true" class="{name}">{"".join(items)}</{tag}>')


def _own(bar: barras.Bar) -> str:
    """What its style depends on: a colour of its own, or having no figure."""
    colour = bar.code if bar.code in OWN_COLOUR else ""
    own = f"{colour} {_lacking(bar.part)}".strip()
    return f' class="{escape(own)}"' if own else ""


def _lacking(part: barras.Part) -> str:
    return "sin-publicar" if part.count is None else ""


def _written(facts: barras.Facts, part: barras.Part) -> str:
    """The figure of a bar or, in one word, that it is confidential: the sentences and the table say the rest."""
    words = facts.write(part)
    return "confidencial" if words == WITHHELD else words


def _drawn(facts: barras.Facts, part: barras.Part, size: float, whole: float) -> list[str]:
    """The bar and its figure, or why there is none."""
    words = f"<em>{text(_written(facts, part))}</em>"
    return [words] if part.count is None else [_bar(size, whole), words]


def _mirrored(facts: barras.Facts) -> Markup:
    left, right = facts.sides.values()
    head = (
        f'<li class="piramide-cabeza"><span class="izq">{text(left)}</span>'
        f'<span class="edad">{text(facts.heading)}</span><span class="der">{text(right)}</span></li>'
    )
    # Ordered categories, like ages, are drawn from the bottom up; the others, from the top down.
    bands = [_band(bar, facts) for bar in (reversed(facts.bars) if facts.ordered else facts.bars)]
    return _listed("ol", "piramide", [head, *bands])


def _band(bar: barras.Bar, facts: barras.Facts) -> str:
    left, right = bar.parts
    before, after = (_drawn(facts, part, part.count or 0, facts.widest) for part in bar.parts)
    return (
        f'<li><span class="{f"izq {_lacking(left)}".strip()}">{"".join(before[::-1])}</span>'
        f'<span class="edad">{text(barras.short(bar.name))}</span>'
        f'<span class="{f"der {_lacking(right)}".strip()}">{"".join(after)}</span></li>'
    )


def _bar(part: float, whole: float) -> str:
    return f'<i{DECLARES}width:{100 * part / whole if whole else 0:.1f}%"></i>'


def event_bars(facts: serie.Facts) -> Markup:
    """One bar for each event, in a list."""
    # A share is drawn out of a hundred; a count, out of the largest.
    whole = 100 if facts.unit.mark == "%" else max(facts.values, default=0)
    items = [
        f'<li><span class="etiqueta">{text(point.label)}</span>{_bar(point.value or 0, whole)}<em>{text(point.text)}</em></li>'
        for point in facts.points
    ]
    return _listed("ul", "barras eventos", items)


#: How each kind is drawn.
PICTURES: dict[str, Callable[..., Markup]] = {"barras": share_bars, "serie": event_bars}
