"""Promise: what is written of where figures come from is read back the same, and no bytes at all break its reader."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.model import Confidence
from etl.pipeline.facts import parsed
from etl.pipeline.provenance import FILE, Document, FileFacts, SourceFacts, TotalFacts, as_toml, read

words = st.text(min_size=1, max_size=30).filter(str.strip)
names = st.from_regex(r"[a-z0-9_]{1,10}", fullmatch=True)
totals = st.builds(TotalFacts, valor=st.integers(0, 10**12), cita=words)
sources = st.builds(
    SourceFacts,
    titulo=words,
    editor=words,
    url=words,
    licencia=words,
    corte=st.dates(),
    corte_texto=st.none() | words,
    confianza=st.sampled_from([level.value for level in Confidence]),
    nota=st.none() | words,
    totales=st.dictionaries(st.from_regex(r"[a-z0-9_-]{1,10}", fullmatch=True), totals, max_size=3),
)
files = st.builds(
    FileFacts,
    entrada=words,
    archivo=st.from_regex(r"[^./\\\s][^/\\\n\x00]{0,20}", fullmatch=True).filter(str.strip),
    sha256=st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    fuente=names,
)
documents = st.builds(
    Document,
    fuentes=st.dictionaries(names, sources, max_size=3),
    archivos=st.lists(files, min_size=1, max_size=3),
    tablas=st.dictionaries(names, st.lists(names, min_size=1, max_size=3), max_size=3),
)


@settings(deadline=None)
@given(documents)
def test_what_is_written_is_read_back(document: Document) -> None:
    assert parsed(as_toml(document), "fuente.toml", Document) == document


@settings(deadline=None, max_examples=200)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | st.just(b"a = " + b"[" * 5000))
def test_no_bytes_at_all_break_the_reader(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "cualquiera"
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(content)
    problems = read(folder)
    assert isinstance(problems, list) and problems
    assert {item.file for item in problems} == {f"cualquiera/{FILE}"}
