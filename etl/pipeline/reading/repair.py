"""Cells that a whole column writes in another way: thousands, decimals that are zero, codes with or without zeros, spaces.

A column is set right only when all of it says so; one that could be read in two ways stays as it is, and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from etl.model import Column, Kind
from etl.pipeline.reading.grid import Fraction, Said

SPACES = re.compile(r"[\s\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(r"[\u200b-\u200d\u2060\ufeff\u00ad]")
PLAIN = re.compile(r"[0-9]+")
ZERO_DECIMALS = re.compile(r"([0-9]+)[.,]0{1,2}")
#: Signs that part thousands -> their word.
THOUSANDS = {",": "coma", ".": "punto", " ": "espacio", "'": "apóstrofo", "’": "apóstrofo"}
GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:([.,' ’])[0-9]{3})(?:\1[0-9]{3})*")
GROUPED_WITH_ZERO = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)\.0{1,2}|([1-9][0-9]{0,2}(?:\.[0-9]{3})+),0{1,2}")
COMMA = re.compile(r"-?[0-9]+,[0-9]+")


def repaired(columns: Sequence[Column], cells: dict[str, list[str]], said: Said) -> dict[str, list[str]]:
    """The cells of each column as its declaration wants them, as far as nothing is guessed."""
    known = {column.name: column for column in columns if column.name in cells}
    done = {name: list(map(_trimmed, values)) for name, values in cells.items()}
    spaced = [name for name in known if done[name] != cells[name]]
    if spaced:
        said.notices.append(f"espacios de más en {_named(spaced)}")
    whole = [name for name, column in known.items() if column.kind is Kind.ENTERO]
    _thousands(whole, done, said)
    _each(whole, done, _without_zero_decimals, "números enteros escritos con decimales en cero, como «{}», en {}", said)
    decimals = [name for name, column in known.items() if column.kind is Kind.DECIMAL and _decimal_commas(done[name])]
    _each(decimals, done, lambda cell: cell.replace(",", "."), "coma decimal, como «{}», en {}", said)
    for name, column in known.items():
        if column.kind is Kind.CODIGO and column.pattern:
            pattern = re.compile(column.pattern, re.ASCII)
            _each([name], done, partial(code, pattern=pattern), "códigos escritos como «{}» en {}", said)
    return done


def _trimmed(cell: str) -> str:
    """`cell` without spaces around it, whatever their kind; the same object when there is nothing to do."""
    if cell.isascii() and (not cell or not (cell[0].isspace() or cell[-1].isspace())):
        return cell
    bare = SPACES.sub(" ", INVISIBLE.sub("", cell)).strip() if not cell.isascii() else cell.strip()
    return cell if bare == cell else bare


def _named(names: Sequence[str]) -> str:
    return f"{names[0]} y {len(names) - 1} columnas más" if len(names) > 2 else " y ".join(names)


def _each(
    names: Sequence[str], cells: dict[str, list[str]], change: Callable[[str], str], words: str, said: Said
) -> None:
    """Change the cells of some columns, and say it once with the first one that changed."""
    changed, example = [], ""
    for name in names:
        new = list(map(change, cells[name]))
        if new != cells[name]:
            example = example or next(old for old, now in zip(cells[name], new, strict=True) if old != now)
            changed.append(name)
            cells[name] = new
    if changed:
        said.notices.append(words.format(example, _named(changed)))


def _thousands(names: Sequence[str], cells: dict[str, list[str]], said: Said) -> None:
    """Take the signs of thousands away where every number of the column that needs one has it, all with the same sign."""
    signs = {sign for name in names for cell in cells[name] if (sign := _sign(cell))}
    if len(signs) != 1:
        return
    (sign,) = signs
    mark = "," if sign == "." else "."
    small = re.compile(rf"[0-9]{{1,3}}({re.escape(mark)}0{{1,2}})?")
    sure = [
        name
        for name in names
        if any(map(_sign, cells[name]))
        and not any(isinstance(cell, Fraction) for cell in cells[name])
        and all(not cell or _sign(cell) or small.fullmatch(cell) for cell in cells[name])
    ]
    words = f"miles separados por {THOUSANDS[sign]}, como «{{}}», en {{}}"
    _each(sure, cells, lambda cell: re.sub(rf"{re.escape(mark)}0{{1,2}}$", "", cell).replace(sign, ""), words, said)


def _sign(cell: str) -> str | None:
    """The sign that parts the thousands of `cell`, if it is such a number."""
    if isinstance(cell, Fraction):
        return None
    if found := GROUPED.fullmatch(cell):
        return found[1]
    if found := GROUPED_WITH_ZERO.fullmatch(cell):
        return "," if found[1] else "."
    return None


def _without_zero_decimals(cell: str) -> str:
    found = ZERO_DECIMALS.fullmatch(cell)
    return found[1] if found else cell


def _decimal_commas(cells: Sequence[str]) -> bool:
    """Whether the commas of a column of decimals can be nothing but decimal: some have not three figures after them."""
    with_comma = [cell for cell in cells if "," in cell]
    return (
        bool(with_comma)
        and not any("." in cell for cell in cells)
        and all(COMMA.fullmatch(cell) for cell in with_comma)
        and any(len(cell.rpartition(",")[2]) != 3 for cell in with_comma)
    )


def code(cell: str, pattern: re.Pattern[str]) -> str:
    """A code as its pattern wants it: without zeros before it, or with those that it lacks; as it is when it cannot be."""
    bare = cell[:-2] if cell.endswith(".0") and PLAIN.fullmatch(cell[:-2]) else cell
    if not PLAIN.fullmatch(bare):
        return cell
    short = bare.lstrip("0") or "0"
    if bare != short and pattern.fullmatch(short) and not pattern.fullmatch("1" * 20):
        return short  # a number of one or two figures; of a code of any length, its zeros are part
    if pattern.fullmatch(bare):
        return bare
    return next((padded for width in range(1, 7) if pattern.fullmatch(padded := short.zfill(width))), cell)
