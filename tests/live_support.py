"""What strangers send to the address where a page asks for what changed: nothing that a script of the site ever sends."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from typing import Any

LIVE = "/_dash-update-component"
PLAIN = {"Content-Type": "application/json"}
#: What a page does ask for: the number of its question, and an address.
GOOD = "1 /padron"
#: What is in the way of each level of a request, by what it is: no text, no list, no object, nothing.
WRONG: tuple[Any, ...] = (None, 7, -0.5, True, [], {}, "x")


def asking(value: Any = GOOD, **more: Any) -> bytes:
    """A request as Dash's script sends it, for `value`, with `more` in place of its other parts."""
    inputs = [{"id": "consulta", "property": "value", "value": value}]
    return json.dumps({"output": "..estado.value..", "inputs": inputs} | more).encode()


def malformed() -> Iterator[tuple[bytes, dict[str, str]]]:
    """Every body that is refused, with its headers."""
    for body in (*_no_json(), *_deep(), *_other_shapes(), *_addresses(), *_numbers(), *_texts()):
        yield body, PLAIN
    yield from _encoded()


def _no_json() -> Iterator[bytes]:
    yield from (b"", b" ", b"{", b"null", b"7", b"[]", b'"x"', b"{}", b"\xff\xfe", b"NaN", b"-Infinity", b"\x00" * 500)
    yield from (b"undefined", b"{'output': 1}", b"output=..estado.value..&inputs=", b"<xml/>", b"\xef\xbb\xbf{}")
    yield from (asking() + b"x", asking() + asking(), asking()[:-1], asking()[1:], asking() + b"\x00")
    yield asking().replace(b"}]", b"},]")
    yield asking().replace(b'"1 /padron"', b"'1 /padron'")
    yield asking().replace(b'"1 /padron"', b"1 /padron // y lo demas")


def _deep() -> Iterator[bytes]:
    """As deep as a body may be, in each place where something deep may be."""
    lists, objects = b"[" * 32_000 + b"]" * 32_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    yield from (b"[" * 65_536, b'{"a":' * 13_000, lists, objects)
    for place in (b'"..estado.value.."', b'"consulta"', b'"value", "value"', b'"1 /padron"'):
        for deep in (lists, objects):
            yield asking().replace(place, deep, 1)


def _other_shapes() -> Iterator[bytes]:
    """A request with something else at each of its levels."""
    for wrong in WRONG:
        yield asking(output=wrong)
        yield asking(inputs=wrong)
        yield asking(inputs=[wrong])
        yield asking(wrong)
    yield from (
        asking(output="otro.value"),
        asking(output=["..estado.value.."]),
        asking(output="..estado.value...pintado.data.."),
    )
    entry = {"id": "consulta", "property": "value", "value": GOOD}
    for change in (
        {"id": "otro"},
        {"id": 7},
        {"id": {"type": "consulta", "index": 1}},
        {"id": ["consulta"]},
        {"id": "Consulta"},
        {"id": "consulta\u200b"},
        {"property": "otra"},
        {"property": None},
        {"property": "value.url"},
        {"property": "__proto__"},
    ):
        yield asking(inputs=[entry | change])
    yield from (asking(inputs=[entry, entry]), asking(inputs=[entry] * 500), asking(inputs={"a": entry}))
    yield from (asking(inputs=[[entry]]), asking(inputs=[{}]), asking(inputs=[{"value": GOOD}]))
    # The state and what changed are of no account; they do not stand for what is missing.
    yield json.dumps({"changedPropIds": ["consulta.value"], "state": [entry]}).encode()
    yield json.dumps(
        {"output": "..estado.value..", "changedPropIds": 7, "state": {"a": [None]}, "parsedChangedPropsIds": 1}
    ).encode()
    # Of a name that is said twice, the last counts.
    yield asking().replace(b'"inputs"', b'"inputs": [], "output": "otro.value", "inputs"', 1)
    yield asking()[:-1] + b', "inputs": []}'


def _addresses() -> Iterator[bytes]:
    """A request for an address that is not one of the site's, or that is no address."""
    for wrong in (*WRONG, 10**4_000, float("nan"), float("inf"), {"url": "/padron"}, ["1 /padron"]):
        yield asking(wrong)
    for url in (
        "",
        " ",
        "//[",
        "http://[::1",
        "//[malo]/padron",
        "http://[::ffff:1.2.3.4.5]/padron",
        "/nada",
        "/padron/",
        "/PADRON",
        "/padron%2f",
        "/padrón",
        "/padro\u0301n",
        "/pa\u200bdron",
        "/p\u0430dron",
        "\u202e/padron",
        "/padron\x00",
        "/./padron",
        "/../padron",
        "/accesible/padron",
        "/salud",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "/" * 3_999,
        "/padron?" + "a" * 4_000,
        "padron",
        "\x00",
        "\ud800",
        "/padron\udfff",
        "?sexo=mujeres",
        "#",
    ):
        yield asking(f"1 {url}")


def _numbers() -> Iterator[bytes]:
    """A request whose question has no number, or one that is none."""
    for number in ("", "a", "-1", "1.5", "1" * 10, "1" * 5_000, "\u0661", "1\t", " 1", "\n1", "1\n"):
        yield asking(f"{number} /padron")
    yield from (asking("/padron"), asking("1/padron"), asking("1  /padron"), asking("1 padron"))


def _texts() -> Iterator[bytes]:
    """What a decoder may choke on."""
    for text in (
        rb"\ud800",
        rb"\udc00\ud800",
        rb"\u00",
        rb"\x41",
        b"\x01",
        b"\n",
        b"\xc3",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80\x80",
    ):
        yield asking("1 /@").replace(b"@", text)
    for number in (b"1" * 5_000, b"1e400", b"-", b"01", b"0x10", b"1_000", b"1e" + b"9" * 5_000):
        yield asking("@").replace(b'"@"', number)


def _encoded() -> Iterator[tuple[bytes, dict[str, str]]]:
    """A good request in an encoding that nobody agreed on, and a bad one called something else."""
    for name, body in (
        ("gzip", gzip.compress(asking())),
        ("deflate", zlib.compress(asking())),
        ("br", b"\x0b\x02\x80{}\x03"),
    ):
        yield body, PLAIN | {"Content-Encoding": name}
    bomb = gzip.compress(b"[" * 40_000_000)
    yield bomb[:65_536], PLAIN | {"Content-Encoding": "gzip"}
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/json; charset=utf-7",
        ";",
        "é",
    ):
        yield b"output=..estado.value..", {"Content-Type": kind}
    yield (
        b"--a\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n--a--",
        {"Content-Type": "multipart/form-data; boundary=a"},
    )
