"""What the actas say together: their sums by place, and the ballots of one polling table side by side.

Both start from the rows of `participacion_mesa`, one per polling table and ballot, where an acta that was not counted has no
figures. A person gets one ballot of each kind, so the totals of the ballots of one table should be the same.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.fields.polling import ACUERDOS, FAR, MOST_BALLOTS, NEAR, TOGETHER

EVENT, TABLE = "eleccion", "mesa"
KEY_OF_PLACE = ["eleccion", "cargo", "codigo_municipio"]
#: Votes of an acta that are added up by place.
VOTES = ("votos_emitidos", "votos_validos", "votos_nulos", "votos_blanco", "votos_emitidos_escrito")


# --- By place ---------------------------------------------------------------------------------------------------------


def places(rows: pd.DataFrame) -> pd.DataFrame:
    """The sums of the actas by election, ballot and place; missing where no acta says the figure.

    `mesas_con_papeletas` and the two columns after it are of the actas that say both how many ballots they received and how
    many votes were cast: those with 0 < received ≤ MOST_BALLOTS and cast ≤ received.
    """
    counted = rows["contabilizada"].astype("bool")
    cast, written, received = rows["votos_emitidos"], rows["votos_emitidos_escrito"], rows["papeletas_recibidas"]
    both = (counted & (received > 0) & (received <= MOST_BALLOTS) & (cast <= received)).fillna(False).astype("bool")
    marked = rows.assign(
        mesas=1,
        mesas_con_datos=counted.astype("int64"),
        mesas_iguales=(counted & (written == cast)).fillna(False).astype("int64"),
        mesas_sin_total_escrito=(counted & written.isna()).astype("int64"),
        mesas_con_papeletas=both.astype("int64"),
        papeletas_comparables=received.where(both),
        votos_comparables=cast.where(both),
    )
    groups = marked.groupby(KEY_OF_PLACE, sort=True)
    counts = ["mesas", "mesas_con_datos", "mesas_iguales", "mesas_sin_total_escrito", "mesas_con_papeletas"]
    sums = groups[[*VOTES, "papeletas_recibidas", "papeletas_comparables", "votos_comparables"]].sum(min_count=1)
    return pd.concat([groups["residencia"].first(), groups[counts].sum(), sums], axis=1).reset_index()


# --- The ballots of one table -----------------------------------------------------------------------------------------


def ballots(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per polling table that should have as many ballots as its election had, with how far apart their totals are.

    Only elections of several ballots and tables with more than one: those abroad elect only the presidency. A ballot counts
    if its acta says that somebody voted.
    """
    offices = rows.groupby(EVENT)["cargo"].transform("nunique")
    at_table = rows.groupby([EVENT, TABLE])["cargo"].transform("nunique")
    several = rows[(offices > 1) & (at_table > 1)]
    found = [_of_event(of_event) for _, of_event in several.groupby(EVENT, sort=True)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*COLUMNS])


COLUMNS = ("eleccion", "mesa", "codigo_municipio", "codigo_centro", *(item.name for item in TOGETHER))


def _of_event(rows: pd.DataFrame) -> pd.DataFrame:
    """The tables of one election, by number."""
    cast = rows["votos_emitidos"].astype("float64").to_numpy()
    voted = rows.assign(
        emitidos=np.where(cast > 0, cast, np.nan), escrito=rows["votos_emitidos_escrito"].astype("float64")
    )
    totals = voted.pivot(index=TABLE, columns="cargo", values="emitidos")
    written = voted.pivot(index=TABLE, columns="cargo", values="escrito")
    first = rows.groupby(TABLE)[["codigo_municipio", "codigo_centro"]].first()
    offices = totals.columns
    whole = totals.notna().all(axis=1).to_numpy()
    least, most = totals.min(axis=1), totals.max(axis=1)
    distance = (most - least).where(whole)
    apart, agrees = _apart(totals.to_numpy(), written.to_numpy(), whole)
    return pd.DataFrame(
        {
            "eleccion": rows[EVENT].iloc[0],
            "mesa": totals.index,
            "codigo_municipio": first["codigo_municipio"].reindex(totals.index).to_numpy(),
            "codigo_centro": first["codigo_centro"].reindex(totals.index).to_numpy(),
            "papeletas_con_votos": totals.notna().sum(axis=1).to_numpy(),
            "papeletas_de_la_eleccion": len(offices),
            "menor_total": least.to_numpy(),
            "mayor_total": most.to_numpy(),
            "diferencia_votos": distance.to_numpy(),
            "acuerdo": _agreement(distance.to_numpy()),
            "papeleta_aparte": np.where(apart >= 0, np.array(offices, dtype=object)[apart], None),
            "cuadra_con_lo_escrito": pd.Series(agrees, dtype="boolean").mask(apart < 0).to_numpy(dtype=object),
        }
    )


def _agreement(distance: np.ndarray) -> np.ndarray:
    """The class of each distance, of ACUERDOS; what has no distance is incomplete."""
    names = np.array([*ACUERDOS], dtype=object)
    return names[np.where(np.isnan(distance), 4, np.searchsorted([1, NEAR + 1, FAR + 1], distance, side="right"))]


def _apart(totals: np.ndarray, written: np.ndarray, whole: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each table, the column of the one ballot that is apart while the others are near each other (-1 if there is none),
    and whether the total written in its acta is near the others' median.

    The ballot apart is the farthest from the median of all; it is one when the totals differ by more than NEAR.
    """
    known = np.where(whole[:, None], totals, 0.0)
    if known.shape[1] < 3:
        return np.full(len(known), -1), np.zeros(len(known), dtype=bool)
    row = np.arange(len(known))
    farthest = np.abs(known - np.median(known, axis=1)[:, None]).argmax(axis=1)
    rest = np.ones(known.shape, dtype=bool)
    rest[row, farthest] = False
    others = known[rest].reshape(len(known), -1)
    one = (np.ptp(known, axis=1) > NEAR) & (np.ptp(others, axis=1) <= NEAR)
    near = np.abs(np.median(others, axis=1) - written[row, farthest]) <= NEAR
    return np.where(one, farthest, -1), near
