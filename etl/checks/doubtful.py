"""What an observation says is doubtful in a source: the figure is missing, its state says so, and the observation says why.

Observations have one row per municipio, election and office (`KEY`), with `nivel` (of `LEVELS`), `grupos` (the groups of columns
they speak of), `problema` and `evidencia` (which may be missing).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

KEY = ["codigo_municipio", "eleccion", "cargo"]
LEVELS = {"dudoso": "Dudoso: no se publica la cifra", "advertencia": "Advertencia", "no_aplica": "No aplica"}
#: The levels that keep a figure from being published, and the state that the figure has then.
WITHHELD = {"dudoso": "dato_dudoso", "no_aplica": "no_aplica"}


def level_of(decision: str) -> str:
    """The level that the words of a decision begin with; StopIteration if they begin with none."""
    return next(level for level in LEVELS if decision.startswith(level.replace("_", " ")))


def without_doubtful(rows: pd.DataFrame, observed: pd.DataFrame, groups: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    """`rows` with a state for each group, nothing in the groups that are not published, and the observations.

    `groups` are the columns that are published or not together, by the name of the state (`estado_<group>`).
    """
    keys = pd.MultiIndex.from_frame(rows[KEY])
    rows = rows.copy()
    for group, columns in groups.items():
        states = pd.Series("publicado", index=rows.index).mask(rows[columns[0]].isna(), "sin_dato")
        for level, state in WITHHELD.items():
            states = states.mask(keys.isin(keys_of(observed, level, group)), state)
        rows[f"estado_{group}"] = states
        for column in columns:
            rows[column] = rows[column].mask(states != "publicado")
    return rows.assign(observacion=keys.map(_remarks(observed)).astype("str"))


def keys_of(observed: pd.DataFrame, level: str, group: str) -> list[tuple[str, ...]]:
    """The municipios, elections and offices (`KEY`) whose `group` is observed at `level`."""
    chosen = observed[(observed["nivel"] == level) & observed["grupos"].map(lambda groups: group in groups)]
    return list(chosen[KEY].itertuples(index=False, name=None))


def _remarks(observed: pd.DataFrame) -> dict[tuple[str, ...], str]:
    """What was observed of each municipio in each election and office, as sentences."""
    sentences: dict[tuple[str, ...], str] = {}
    columns = (observed[name] for name in (*KEY, "problema", "evidencia"))
    for *place, problem, evidence in zip(*columns, strict=True):
        key = tuple(place)
        sentences[key] = " ".join([*filter(None, [sentences.get(key)]), _remark(problem, evidence)])
    return sentences


def _remark(problem: str, evidence: object) -> str:
    return f"{problem} ({evidence})." if isinstance(evidence, str) else f"{problem}."
