"""Operations on a coverage that give another (generalise, round to a grid, dissolve), and the length of shared borders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from etl.geometry import GeometryError

Geometries = NDArray[np.object_]


def generalise(geometries: Geometries, tolerance: float) -> Geometries:
    """The coverage with fewer vertices and integer coordinates, still valid.

    `tolerance` is in the unit of the coordinates: triangles smaller than its square disappear from the borders
    (Visvalingam-Whyatt). Raises GeometryError if the input is no coverage or a polygon does not survive.
    """
    if not shapely.coverage_is_valid(geometries):
        raise GeometryError("Los límites se traslapan o no comparten exactamente sus fronteras.")
    return snap(shapely.coverage_simplify(geometries, tolerance))


def snap(geometries: Geometries) -> Geometries:
    """The coverage with every vertex on the integer grid.

    Rounding vertex by vertex can fold a narrow neck over itself, so the borders are noded together on the grid, cut
    into faces, and each face goes back to the polygon it came from. Order is kept; a polygon that would vanish raises
    GeometryError instead.
    """
    borders = shapely.union_all(shapely.boundary(geometries), grid_size=1.0)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(borders)))
    owner = _owners(faces, geometries)
    snapped = np.array([shapely.coverage_union_all(faces[owner == i]) for i in range(len(geometries))], dtype=object)
    lost = np.flatnonzero(shapely.area(snapped) == 0)
    if lost.size:
        raise GeometryError(f"{lost.size} polígonos desaparecen al redondear (posiciones {lost.tolist()}).")
    return shapely.normalize(snapped)


def _owners(faces: Geometries, geometries: Geometries) -> NDArray[np.int64]:
    """For each face, the position of the polygon that holds its inner point; -1 for water and foreign land."""
    inner = shapely.point_on_surface(faces)
    face, polygon = shapely.STRtree(geometries).query(inner, predicate="intersects")
    owner = np.full(len(faces), -1)
    owner[face[::-1]] = polygon[::-1]
    return owner


def dissolve(geometries: Geometries, groups: Sequence[str]) -> dict[str, shapely.Geometry]:
    """The union of the polygons of each group, by group in order; inner borders vanish without slivers."""
    labels = np.asarray(groups)
    return {
        str(group): shapely.normalize(shapely.coverage_union_all(geometries[labels == group]))
        for group in np.unique(labels)
    }


def shared_borders(geometries: Geometries, codes: Sequence[str]) -> pd.DataFrame:
    """Length of the border shared by each pair of polygons, both ways: columns codigo, vecino, metros.

    Exact, not approximate: in a coverage two neighbours have the same segments, so equal segments are summed.
    Polygons that only touch at a point share no border.
    """
    segments, owner = _segments(geometries)
    frame = pd.DataFrame(segments, columns=["x1", "y1", "x2", "y2"]).assign(owner=np.asarray(codes)[owner])
    twice = frame.merge(frame, on=["x1", "y1", "x2", "y2"], suffixes=("", "_vecino"))
    twice = twice[twice["owner"] != twice["owner_vecino"]]
    length = np.hypot(twice["x2"] - twice["x1"], twice["y2"] - twice["y1"])
    pairs = twice.assign(metros=length).groupby(["owner", "owner_vecino"], as_index=False)[["metros"]].sum()
    return pairs.set_axis(["codigo", "vecino", "metros"], axis=1)


def _segments(geometries: Geometries) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Every segment of every ring as x1 y1 x2 y2 (smaller end first), and the polygon it belongs to."""
    parts, owner = shapely.get_parts(geometries, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = xy[:-1][same], xy[1:][same]
    flip = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start[flip], end[flip] = end[flip], start[flip]
    return np.hstack([start, end]), owner[part[ring[:-1][same]]]
