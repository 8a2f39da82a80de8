#!/usr/bin/env python3
"""Derives rivers.csv: the named rivers of the Sichuan basin and around it, from GSHHG/WDBII.

    pip install netCDF4==1.7.5.1.post1 numpy==2.4.6 shapely==2.2.0
    python3 derive_rivers.py BINNED_RIVER_F.nc rivers.csv [--tolerance-m 120]

Input: `binned_river_f.nc` of GSHHG 2.3.7 (Debian package gmt-gshhg-full 2.3.7-6), the full
resolution rivers of the World Data Bank II. Its lines have no names. Each river below is the shortest
way along those lines through places that lie on it, given in flow order, so that every line runs
downstream. What no named river uses is kept, unnamed, as background.

The script stops when a named river passes a place at more than 3 km, jumps, or has an implausible
length; it prints the table of distances. The same input gives the same bytes.
"""

import argparse
import hashlib
import heapq
import math
import pathlib
import sys
from collections import defaultdict

import netCDF4
import numpy as np
import shapely

SOURCE_SHA256 = "1e0f34b06bb73fa21ee1a52764d6979521c3342215e0a2cdc8de6c72d37d0cb6"
WEST, SOUTH, EAST, NORTH = 101.0, 26.0, 111.0, 34.5
CELL = 65535  # positions inside a bin of one degree are counts of 1/65535 degree
METRES_PER_DEGREE = 111_320.0
PLACE_LIMIT_KM = 3.0
JUMP_LIMIT_KM = 5.0
BRIDGE_LIMIT_KM = 3.0  # a loose end this near to another line is joined to it

# Places on each river, upstream to downstream, WGS 84 (longitude, latitude): towns at the bank, the
# ends of the source's lines ("head") and of the region ("edge"), and confluences in brackets.
# The third figure is the published length of about this stretch, in km; the lines cut meanders and
# the heads are not always in the source, so that 70 to 110 % of it pass.
RIVERS = [
    ("长江", 1, 1005, [
        ("宜宾 (岷江)", 104.630, 28.770), ("南溪", 104.970, 28.835), ("江安", 105.065, 28.735),
        ("泸州 (沱江)", 105.450, 28.895), ("合江 (赤水河)", 105.840, 28.810),
        ("江津", 106.260, 29.300), ("重庆朝天门 (嘉陵江)", 106.588, 29.567), ("长寿", 107.075, 29.810),
        ("涪陵 (乌江)", 107.398, 29.718), ("丰都", 107.735, 29.880), ("忠县", 108.040, 30.295),
        ("万州", 108.390, 30.805), ("云阳", 108.700, 30.925), ("奉节", 109.480, 31.010),
        ("巫山", 109.885, 31.070), ("巴东", 110.340, 31.045), ("归州", 110.690, 30.970),
        ("edge", 111.000, 30.836),
    ]),
    ("金沙江", 2, 890, [
        ("edge", 101.000, 26.273), ("攀枝花", 101.715, 26.580), ("巧家", 102.900, 26.920),
        ("溪洛渡", 103.650, 28.240), ("绥江", 103.950, 28.605), ("宜宾 (岷江)", 104.630, 28.770),
    ]),
    ("嘉陵江", 3, 1120, [
        ("head", 107.016, 34.181), ("凤县", 106.520, 33.910), ("略阳", 106.155, 33.330),
        ("广元", 105.825, 32.435), ("昭化 (白龙江)", 105.731, 32.348), ("苍溪", 105.935, 31.735),
        ("阆中", 105.970, 31.570), ("南部", 106.065, 31.350), ("蓬安", 106.415, 31.030),
        ("南充", 106.090, 30.795), ("武胜", 106.295, 30.345), ("合川 (涪江)", 106.275, 29.990),
        ("北碚", 106.440, 29.825), ("重庆朝天门 (长江)", 106.588, 29.567),
    ]),
    ("岷江", 3, 711, [
        ("head", 103.511, 33.128), ("松潘", 103.600, 32.640), ("茂县", 103.850, 31.680),
        ("汶川", 103.590, 31.475), ("都江堰", 103.610, 31.000), ("新津", 103.815, 30.410),
        ("彭山", 103.880, 30.195), ("眉山", 103.855, 30.060), ("乐山 (大渡河)", 103.770, 29.555),
        ("犍为", 103.955, 29.205), ("宜宾 (长江)", 104.630, 28.770),
    ]),
    ("乌江", 3, 1037, [
        ("head", 104.447, 26.835), ("乌江渡", 106.760, 27.320), ("思南", 108.245, 27.940),
        ("沿河", 108.490, 28.570), ("龚滩", 108.350, 28.905), ("彭水", 108.165, 29.295),
        ("武隆", 107.755, 29.330), ("涪陵 (长江)", 107.398, 29.718),
    ]),
    ("沱江", 4, 522, [
        ("金堂赵镇", 104.430, 30.855), ("简阳", 104.550, 30.400), ("资阳", 104.640, 30.125),
        ("资中", 104.850, 29.770), ("内江", 105.060, 29.585), ("富顺", 104.985, 29.180),
        ("泸州 (长江)", 105.450, 28.895),
    ]),
    ("涪江", 4, 670, [
        ("head", 104.105, 32.819), ("平武", 104.530, 32.410), ("江油", 104.735, 31.770),
        ("绵阳", 104.755, 31.465), ("三台", 105.100, 31.090), ("射洪", 105.390, 30.870),
        ("遂宁", 105.580, 30.510), ("潼南", 105.840, 30.190), ("合川 (嘉陵江)", 106.275, 29.990),
    ]),
    ("渠江", 4, 300, [
        ("三汇 (州河)", 107.150, 31.037), ("渠县", 106.965, 30.840), ("广安", 106.640, 30.460),
        ("合川 (嘉陵江)", 106.320, 30.037),
    ]),
    ("大渡河", 4, 570, [
        ("head", 101.897, 31.807), ("金川", 102.065, 31.475), ("丹巴", 101.885, 30.880),
        ("泸定", 102.235, 29.915), ("石棉", 102.360, 29.235), ("峨边", 103.265, 29.235),
        ("沙湾", 103.550, 29.410), ("乐山 (岷江)", 103.770, 29.555),
    ]),
    ("赤水河", 5, 437, [
        ("head", 104.881, 27.792), ("茅台", 106.370, 27.850), ("土城", 106.000, 28.270),
        ("赤水", 105.695, 28.590), ("合江 (长江)", 105.840, 28.810),
    ]),
    ("雅砻江", 5, 640, [
        ("雅江", 101.014, 30.031), ("锦屏", 101.630, 28.180), ("倮果 (金沙江)", 101.820, 26.600),
    ]),
    ("安宁河", 5, 303, [
        ("head", 101.985, 28.843), ("冕宁", 102.170, 28.550), ("西昌", 102.200, 27.860),
        ("德昌", 102.175, 27.400), ("米易", 102.110, 26.890), ("桐子林 (雅砻江)", 101.845, 26.690),
    ]),
    ("青衣江", 5, 250, [
        ("head", 102.702, 30.894), ("雅安", 103.000, 29.990), ("洪雅", 103.370, 29.910),
        ("夹江", 103.570, 29.735), ("乐山 (大渡河)", 103.712, 29.559),
    ]),
    ("白龙江", 5, 576, [
        ("head", 102.579, 34.152), ("舟曲", 104.370, 33.780), ("武都", 104.920, 33.395),
        ("昭化 (嘉陵江)", 105.731, 32.348),
    ]),
    ("巴河", 5, 270, [
        ("head", 107.046, 32.615), ("巴中", 106.765, 31.855), ("平昌", 107.100, 31.560),
        ("三汇 (州河)", 107.150, 31.037),
    ]),
    ("州河", 5, 310, [
        ("head", 108.997, 31.678), ("宣汉", 107.725, 31.360), ("达州", 107.505, 31.205),
        ("三汇 (巴河)", 107.150, 31.037),
    ]),
    ("芙蓉江", 5, 231, [
        ("head", 107.127, 28.044), ("江口 (乌江)", 107.870, 29.260),
    ]),
]


def source_lines(path: pathlib.Path) -> list[list[tuple[int, int]]]:
    """The lines of the region and one degree around it, in counts of 1/65535 degree."""
    if hashlib.sha256(path.read_bytes()).hexdigest() != SOURCE_SHA256:
        sys.exit(f"{path} is not binned_river_f.nc of gmt-gshhg-full 2.3.7-6")
    with netCDF4.Dataset(path) as data:
        data.set_auto_maskandscale(False)
        column = {name: variable[:] for name, variable in data.variables.items()}
    lines = []
    for lat in range(math.floor(SOUTH) - 1, math.ceil(NORTH) + 1):
        for lon in range(math.floor(WEST) - 1, math.ceil(EAST) + 1):
            cell = (89 - lat) * 360 + lon
            first = int(column["Id_of_first_segment_in_a_bin"][cell])
            for part in range(first, first + int(column["N_segments_in_a_bin"][cell])):
                start = int(column["Id_of_first_point_in_a_segment"][part])
                points = slice(start, start + int(column["N_points_for_a_segment"][part]))
                x = column["Relative_longitude_from_SW_corner_of_bin"][points].view("u2").tolist()
                y = column["Relative_latitude_from_SW_corner_of_bin"][points].view("u2").tolist()
                line = [(lon * CELL + a, lat * CELL + b) for a, b in zip(x, y)]
                lines.append([p for i, p in enumerate(line) if i == 0 or p != line[i - 1]])
    return sorted(line for line in lines if len(line) > 1)


def distance_km(a, b) -> float:
    """Between two points in counts; good to a fraction of a percent at this size."""
    mean_lat = math.radians((a[1] + b[1]) / 2 / CELL)
    return math.hypot((a[0] - b[0]) * math.cos(mean_lat), a[1] - b[1]) / CELL * METRES_PER_DEGREE / 1000


class Graph:
    """Every vertex of the lines is a node; loose ends are joined to the nearest other line."""

    def __init__(self, lines):
        self.edges = defaultdict(dict)
        for line in lines:
            for a, b in zip(line, line[1:]):
                self.join(a, b)
        self.nodes = sorted(self.edges)
        self.array = np.array(self.nodes, dtype=np.int64)
        bridges = []
        for line in lines:
            for end in (line[0], line[-1]):
                if len(self.edges[end]) != 1:
                    continue
                own = set(line)
                near = [n for n in self.within(end, BRIDGE_LIMIT_KM) if n not in own]
                if near:
                    bridges.append((end, near[0]))
        for a, b in bridges:
            self.join(a, b)
        print(f"graph: {len(self.nodes)} nodes, {len(bridges)} loose ends joined")

    def join(self, a, b):
        self.edges[a][b] = self.edges[b][a] = distance_km(a, b)

    def within(self, point, limit_km):
        """Nodes within the limit, nearest first."""
        reach = limit_km * 1000 / METRES_PER_DEGREE * CELL * 1.3
        close = np.flatnonzero(np.abs(self.array - np.array(point)).max(axis=1) <= reach)
        found = sorted((distance_km(point, self.nodes[i]), self.nodes[i]) for i in close.tolist())
        return [node for d, node in found if d <= limit_km]

    def snapped(self, name, lon, lat):
        """The node of a place: at a mouth the nearest junction, elsewhere the nearest node."""
        near = self.within((round(lon * CELL), round(lat * CELL)), PLACE_LIMIT_KM)
        if not near:
            sys.exit(f"no river within {PLACE_LIMIT_KM} km of {name}")
        if "(" in name:
            near = [node for node in near if len(self.edges[node]) > 2] or near
        return near[0]

    def path(self, start, goal):
        best, queue = {start: (0.0, None)}, [(0.0, start)]
        while queue:
            so_far, node = heapq.heappop(queue)
            if node == goal:
                way = []
                while node is not None:
                    way.append(node)
                    node = best[node][1]
                return way[::-1]
            if so_far > best[node][0]:
                continue
            for other, length in self.edges[node].items():
                if other not in best or so_far + length < best[other][0]:
                    best[other] = (so_far + length, node)
                    heapq.heappush(queue, (so_far + length, other))
        return None


def traced(graph, name, places):
    """The line through the places; side trips to a place off the line are dropped."""
    stops = [graph.snapped(*place) for place in places]
    way = [stops[0]]
    for place, start, goal in zip(places[1:], stops, stops[1:]):
        leg = graph.path(start, goal)
        if leg is None:
            sys.exit(f"{name}: no way along the rivers to {place[0]}")
        way += leg[1:]
    line, position = [], {}
    for node in way:
        if node in position:
            for dropped in line[position[node] + 1 :]:
                del position[dropped]
            del line[position[node] + 1 :]
        else:
            position[node] = len(line)
            line.append(node)
    return line


def length_km(line) -> float:
    return sum(distance_km(a, b) for a, b in zip(line, line[1:]))


def checked(name, line, places, known_km):
    """Prints the distances of the places from the line, and stops at what cannot be right."""
    scale = np.array([math.cos(math.radians(30.0)), 1.0]) * METRES_PER_DEGREE / 1000 / CELL
    metric = shapely.LineString(np.array(line) * scale)
    away = [
        (place, metric.distance(shapely.Point(np.array([lon * CELL, lat * CELL]) * scale)))
        for place, lon, lat in places
    ]
    along = [metric.project(shapely.Point(np.array([lon, lat]) * CELL * scale)) for _, lon, lat in places]
    jump = max(distance_km(a, b) for a, b in zip(line, line[1:]))
    total = length_km(line)
    print(f"{name}: {total:.0f} km, {total / known_km:.0%} of the known length, longest step {jump:.1f} km")
    print("   ", "; ".join(f"{place.split(' ')[0]} {d:.1f}" for place, d in away))
    if max(d for _, d in away) > PLACE_LIMIT_KM:
        sys.exit(f"{name} passes a place at more than {PLACE_LIMIT_KM} km")
    if along != sorted(along):
        sys.exit(f"{name} does not meet its places in order")
    if jump > JUMP_LIMIT_KM or not 0.7 <= total / known_km <= 1.1:
        sys.exit(f"{name} jumps or has an implausible length")


def leftovers(lines, used):
    """What no named river uses, joined to long lines and cut to the region."""
    rest = []
    for line in lines:
        run = [line[0]]
        for a, b in zip(line, line[1:]):
            if (a, b) in used or (b, a) in used:
                if len(run) > 1:
                    rest.append(run)
                run = [b]
            else:
                run.append(b)
        if len(run) > 1:
            rest.append(run)
    merged = shapely.line_merge(shapely.MultiLineString([np.array(r) / CELL for r in rest]))
    inside = shapely.intersection(merged, shapely.box(WEST, SOUTH, EAST, NORTH))
    return [g for g in shapely.get_parts(inside) if g.geom_type == "LineString"]


def text(line, tolerance_m) -> str:
    stretched = np.array(line.coords) * [math.cos(math.radians(30.0)), 1.0]
    simple = shapely.simplify(shapely.LineString(stretched), tolerance_m / METRES_PER_DEGREE)
    points = (np.array(simple.coords) / [math.cos(math.radians(30.0)), 1.0]).tolist()
    words = [f"{x:.4f} {y:.4f}" for x, y in points]
    return ",".join(w for i, w in enumerate(words) if i == 0 or w != words[i - 1])


HEADER = """\
# Rivers, WGS 84, longitude latitude, downstream where named.
# Source: GSHHG 2.3.7 (World Data Bank II), by Paul Wessel and Walter H. F. Smith; Debian gmt-gshhg-full 2.3.7-6.
# Licence: LGPL-3.0-or-later. This file alone is derived from it.
# Derived by derive_rivers.py: named by the towns on them, simplified to {tolerance:g} m, cut to {bbox}.
# rank: 1 长江; 2 金沙江; 3 嘉陵江 岷江 乌江; 4 沱江 涪江 渠江 大渡河; 5 other named; 6 unnamed
name,rank,line
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--tolerance-m", type=float, default=120.0)
    args = parser.parse_args()

    lines = source_lines(args.source)
    graph = Graph(lines)
    rows, used = [], set()
    for name, rank, known_km, places in RIVERS:
        line = traced(graph, name, places)
        checked(name, line, places, known_km)
        used.update(zip(line, line[1:]))
        rows.append((name, rank, text(shapely.LineString(np.array(line) / CELL), args.tolerance_m)))
    unnamed = sorted(text(line, args.tolerance_m) for line in leftovers(lines, used))
    rows += [("", 6, line) for line in unnamed if "," in line]

    bbox = f"{WEST:g},{SOUTH:g},{EAST:g},{NORTH:g}"
    out = HEADER.format(tolerance=args.tolerance_m, bbox=bbox)
    out += "".join(f'{name},{rank},"{line}"\n' for name, rank, line in rows)
    args.out.write_text(out, encoding="utf-8")
    points = sum(line.count(",") + 1 for _, _, line in rows)
    print(f"{len(rows)} lines, {len(RIVERS)} named, {points} points, {len(out.encode())} bytes")


if __name__ == "__main__":
    main()
