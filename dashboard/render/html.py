"""Plain HTML from the same component tree that Dash draws, so the first paint and the accessible mode show the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from html import escape

from markupsafe import Markup

from dashboard.render.dash_doors import Component, is_html, properties_among, tag_of

VOID = {"br", "hr", "img", "input", "link", "meta", "col", "wbr"}
RENAMED = {"className": "class", "htmlFor": "for"}
#: React spells these in camel case; HTML does not.
LOWERED = {"tabIndex", "colSpan", "rowSpan", "hrefLang", "dateTime", "autoComplete", "spellCheck"}
DASH_ONLY = {"children", "n_clicks", "n_clicks_timestamp", "disable_n_clicks", "key", "loading_state", "style"}
#: The site's policy has no place for style attributes: an element declares its own style in this one, always its last,
#: and its page has a rule that gives it. No text that a person wrote can end like that, for ">" is escaped in all of it.
DECLARES, DECLARED = ' data-estilo="', '">'
#: What a declaration is made of: nothing that could end its rule or open another.
PLAIN = re.compile(r"[-\w:;.,%()+ ]*", re.ASCII)


def to_html(node: object) -> str:
    """`node` (a component of dash.html, text, a number, None or a list of them) as escaped HTML; Markup is taken as it is.

    Raises TypeError for anything that plain HTML cannot show, a chart for instance.
    """
    written: list[str] = []
    _write(node, written)
    return "".join(written)


def style_rules(written: str) -> str:
    """The rules, in CSS, that give every element of some HTML the style it declares, whatever the style sheet says of it:
    two names that nothing has weigh more than any of its selectors.
    """
    # A plain search: in a long page, a regular expression takes twice as long.
    # Of a plain text too: every piece of a Markup would be one.
    found = dict.fromkeys([piece[: piece.find(DECLARED)] for piece in str.split(written, DECLARES)[1:]])
    if not PLAIN.fullmatch("".join(found)):  # they are looked at one by one only where some is not a declaration
        found = dict.fromkeys([style for style in found if PLAIN.fullmatch(style)])
    return "".join([f'[data-estilo="{style}"]:not(#_#_){{{style}}}' for style in found])


def declared(style: Mapping[str, object]) -> str:
    """The attribute, the last of its element, that declares a style; "" for one that says nothing. ValueError if it needs
    characters that have a meaning outside a declaration.
    """
    said = ";".join([f"{_kebab(name)}:{value}" for name, value in style.items()])
    if not PLAIN.fullmatch(said):
        raise ValueError(f"{said!r} belongs in the style sheet")
    return said and f'{DECLARES}{said}"'


def piece(tag: str, inside: str = "", classes: str | None = None, style: str = "") -> str:
    """An element written at once, for charts that have hundreds: `inside` is HTML already, and `classes` and the declarations
    of `style` are the site's own words and numbers.
    """
    own = f' class="{classes}"' if classes else ""
    said = f'{DECLARES}{style}"' if style else ""
    return f"<{tag}{own}{said}>{inside}</{tag}>"


def _write(node: object, written: list[str]) -> None:
    if type(node) is str:
        written.append(text(node))
    elif is_html(node):
        _element(node, written)
    elif isinstance(node, list | tuple):
        for child in node:
            _write(child, written)
    elif node is None:
        return
    elif isinstance(node, Markup):
        written.append(node)
    elif isinstance(node, str | int | float):
        written.append(text(str(node)))
    else:
        raise TypeError(f"{type(node).__name__} no tiene forma en HTML sin JavaScript")


def text(words: str) -> str:
    """Some words, escaped for the content of an element."""
    return escape(words, quote=False) if "&" in words or "<" in words or ">" in words else words


def _element(node: Component, written: list[str]) -> None:
    said = node.__dict__
    opening, names, closing = _form(type(node), tuple(said))
    if names:
        opening += "".join(
            [
                _text_attribute(name, value) if type(value := said[name]) is str else _attribute(name, value)
                for name in names
            ]
        )
    if "style" in said and (style := said["style"]):
        opening += declared(style)
    if not closing:
        written.append(f"{opening}>")
        return
    children = said.get("children")
    if type(children) is str:  # most elements have nothing but words
        written.append(f"{opening}>{text(children)}{closing}")
        return
    written.append(f"{opening}>")
    if type(children) is list:
        for child in children:
            _write(child, written)
    elif children is not None:
        _write(children, written)
    written.append(closing)


@lru_cache(2_048)
def _form(kind: type[Component], said: tuple[str, ...]) -> tuple[str, tuple[str, ...], str]:
    """How an element begins, the names of its attributes in order and how it ends, if it does: the thousands of elements of a
    page have one of few forms.
    """
    # Dash keeps them in the order of a set: unsorted, the same page would have other bytes in each process.
    names = tuple(sorted(name for name in properties_among(said) if name not in DASH_ONLY))
    tag = tag_of(kind)
    return f"<{tag}", names, "" if tag in VOID else f"</{tag}>"


def _attribute(name: str, value: object) -> str:
    if value is None or value is False or name == "style":
        return ""
    written = RENAMED.get(name) or (name.lower() if name in LOWERED else name)
    if value is True or (name in ("hidden", "open", "disabled") and value == name):
        return f" {written}"
    return f' {written}="{escape(str(value))}"'


@lru_cache(256)
def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


#: The attributes that are text, most of which are one of few classes.
_text_attribute = lru_cache(4_096)(_attribute)
