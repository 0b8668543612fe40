"""The map painted by the server: the picture that the accessible mode shows, from the same shapes and the same paint."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup, escape

HATCH = (
    '<defs><pattern id="trama" width="6" height="6" patternUnits="userSpaceOnUse"><path class="trama-fondo" d="M0 0h6v6H0z"/>'
    '<path class="trama-linea" d="M-1 1l2-2M0 6l6-6M5 7l2-2"/></pattern></defs>'
)


def painted_map(
    shapes: Mapping, figure: Mapping, level: str, chosen: str | None, label: str, names: Mapping[str, str]
) -> Markup:
    """An SVG of `shapes` (mapa_*.json) with the paint of `figure` (kinds.mapa.figure); `label` says what it shows.

    `level` is "municipio" or "departamento"; `chosen` is outlined on top of its neighbours; `names` by code.
    """
    prefix = "d" if figure["paleta"] == "divergente" else "q"
    layers = [_layer("contexto", (_path(_outline(item)) for item in shapes.get("contexto", ())))]
    outlines = [_path(item["d"]) for item in shapes["departamentos"].values()]
    layers.append(_layer("costa", outlines))
    if level == "municipio":
        layers.append(_layer("municipios", _painted(shapes["municipios"], figure["pintura"], prefix, names)))
        layers.append(_layer("bordes", outlines))
    else:
        layers.append(_layer("departamentos", _painted(shapes["departamentos"], figure["pintura"], prefix, names)))
    layers.insert(-1, _layer("lagos", (_path(outline) for outline in shapes["lagos"])))
    if chosen:
        place = (shapes["municipios"] if level == "municipio" else shapes["departamentos"]).get(chosen)
        if place:
            layers.append(_layer("encima", (_path(place["d"], "elegido-halo"), _path(place["d"], "elegido"))))
    box = " ".join(map(str, shapes["viewBox"]))
    return Markup(
        f'<svg class="plano" data-nivel="{level}s" viewBox="{box}" role="img" aria-label="{escape(label)}">'
        f"{HATCH}{''.join(layers)}</svg>"
    )


def _painted(places: Mapping, paint: Mapping, prefix: str, names: Mapping[str, str]):
    for code in sorted(places):
        klass, text = paint.get(code, (None, ""))
        css = "fuera" if klass is None else "sin-dato" if klass < 0 else f"{prefix}{klass}"
        title = f"<title>{escape(names[code])}: {escape(text)}</title>" if klass is not None else ""
        yield f'<path class="{css}" d="{places[code]["d"]}">{title}</path>'


def _outline(item: object) -> str:
    return item["d"] if isinstance(item, Mapping) else str(item)


def _path(outline: str, css: str = "") -> str:
    return f'<path{f" class={chr(34)}{css}{chr(34)}" if css else ""} d="{outline}"/>'


def _layer(name: str, paths) -> str:
    return f'<g class="{name}">{"".join(paths)}</g>'
