"""Reads a PMTiles archive with other people's code, opens every tile, and prints what is in it as one JSON object.

    python check_pmtiles.py ARCHIVE.pmtiles [--features TABLE.geojson ...]

Needs the packages of requirements.txt. The directories are read by PyPI `pmtiles`, the tiles by `mapbox-vector-tile`,
and validity is judged by `shapely` (GEOS). With --features, each GeoJSON file must be the layer of its `name`: every
feature must then stand in the tile over its first vertex (areas: over a point inside them) at every zoom.

Exit status: 0 nothing is wrong; 1 something is (listed under "problems"); 2 the archive cannot be read at all.
"""

import argparse
import collections
import gzip
import json
import math
import sys

import mapbox_vector_tile
from pmtiles.reader import MmapSource, Reader, all_tiles
from pmtiles.tile import Compression, TileType, deserialize_directory, deserialize_header
from shapely.geometry import shape

EXTENT = 4096
MOST_BUFFER = 128
SHOWN = 40


class Problems:
    """What is wrong, by kind; only the first few of many are kept as text."""

    def __init__(self):
        self.count = collections.Counter()
        self.texts = []

    def add(self, kind, text):
        self.count[kind] += 1
        if len(self.texts) < SHOWN:
            self.texts.append(f"{kind}: {text}")

    def expect(self, condition, kind, text):
        if not condition:
            self.add(kind, text)


def entries(source, header):
    """Every tile entry, in the order of the directories."""

    def walk(offset, length, depth):
        if depth > 3:
            raise ValueError("directories are nested too deep")
        for entry in deserialize_directory(source(offset, length)):
            if entry.run_length > 0:
                yield entry
            else:
                yield from walk(header["leaf_directory_offset"] + entry.offset, entry.length, depth + 1)

    yield from walk(header["root_offset"], header["root_length"], 0)


def check_directories(source, header, size, problems):
    """Counts, order and sections, each against the header."""
    found = list(entries(source, header))
    problems.expect(sum(one.run_length for one in found) == header["addressed_tiles_count"], "count", "addressed tiles")
    problems.expect(len(found) == header["tile_entries_count"], "count", "tile entries")
    problems.expect(len({one.offset for one in found}) == header["tile_contents_count"], "count", "tile contents")
    next_id, next_offset = 0, 0
    for one in found:
        problems.expect(one.tile_id >= next_id, "order", f"tile id {one.tile_id}")
        next_id = one.tile_id + one.run_length
        problems.expect(one.offset + one.length <= header["tile_data_length"], "directory", f"{one.tile_id} ends outside")
        if header["clustered"]:
            problems.expect(one.offset <= next_offset, "clustered", f"tile id {one.tile_id} leaves a hole")
            next_offset = max(next_offset, one.offset + one.length)
    problems.expect(next_offset in (0, header["tile_data_length"]), "directory", "tile data that no entry uses")
    for name in ("root", "metadata", "leaf_directory", "tile_data"):
        offset, length = header[f"{name}_offset"], header[f"{name}_length"]
        problems.expect(offset >= 127 and offset + length <= size, "section", f"{name} at {offset}+{length} of {size}")


def positions(geometry):
    """All coordinates of a decoded geometry."""
    stack = [geometry["coordinates"]]
    while stack:
        top = stack.pop()
        if top and isinstance(top[0], (int, float)):
            yield top
        else:
            stack.extend(top)


def check_feature(where, layer, feature, fields, problems):
    geometry, properties = feature["geometry"], feature["properties"]
    for x, y in positions(geometry):
        if not (-MOST_BUFFER <= x <= EXTENT + MOST_BUFFER and -MOST_BUFFER <= y <= EXTENT + MOST_BUFFER):
            problems.add("range", f"{where} {layer}: {x}, {y}")
            break
    made = shape(geometry)
    problems.expect(not made.is_empty, "empty", f"{where} {layer} {properties.get('id')}")
    problems.expect(made.is_valid, "invalid", f"{where} {layer} {properties.get('id')}")
    for name, value in properties.items():
        wanted = {"String": str, "Number": (int, float), "Boolean": bool}.get(fields.get(name))
        problems.expect(wanted and isinstance(value, wanted), "field", f"{where} {layer}: {name} = {value!r}")


def area_sign(ring):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:]))


def check_winding(where, layer, geometry, problems):
    """Exteriors positive, holes negative by the surveyor's formula with y to the south (MVT 2.1, 4.3.3.3)."""
    if "Polygon" not in geometry["type"]:
        return
    many = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for exterior, *holes in many:
        good = area_sign(exterior) > 0 and all(area_sign(hole) < 0 for hole in holes)
        problems.expect(good, "winding", f"{where} {layer}")


def lon_lat_to_grid(lon, lat, zoom):
    lat = max(-85.05112878, min(85.05112878, lat))
    sine = math.sin(math.radians(lat))
    x = lon / 360 + 0.5
    y = 0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    size = EXTENT << zoom
    return min(size - 1, max(0, int(x * size))), min(size - 1, max(0, int(y * size)))


def check_presence(path, seen, header, problems):
    """Every feature of a GeoJSON file is in the tile where it must be, at every zoom."""
    with open(path, encoding="utf-8") as file:
        collection = json.load(file)
    layer = collection["name"]
    for feature in collection["features"]:
        made = shape(feature["geometry"])
        point = made.representative_point() if "Polygon" in made.geom_type else made
        lon, lat = next(iter(point.coords)) if point.geom_type in ("Point", "LineString") else (None, None)
        for zoom in range(header["min_zoom"], header["max_zoom"] + 1):
            x, y = lon_lat_to_grid(lon, lat, zoom)
            tile = (zoom, x // EXTENT, y // EXTENT)
            if feature["id"] not in seen.get(tile, {}).get(layer, ()):
                problems.add("absent", f"{layer} {feature['id']} in {tile}")
    return len(collection["features"])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("archive")
    arguments.add_argument("--features", nargs="*", default=[], help="GeoJSON files that must be in the tiles")
    options = arguments.parse_args()
    problems = Problems()
    try:
        with open(options.archive, "rb") as file:
            size = file.seek(0, 2)
            source = MmapSource(file)
            header = deserialize_header(source(0, 127))
            metadata = Reader(source).metadata()
            check_directories(source, header, size, problems)
            tiles = list(all_tiles(source))
    except Exception as error:
        print(f"cannot read {options.archive}: {error!r}", file=sys.stderr)
        return 2

    problems.expect(header["tile_type"] == TileType.MVT, "header", "not MVT")
    problems.expect(header["tile_compression"] == Compression.GZIP, "header", "not gzip")
    problems.expect(header["min_lon_e7"] < header["max_lon_e7"], "header", "bounds without width")
    problems.expect(header["min_lat_e7"] < header["max_lat_e7"], "header", "bounds without height")
    problems.expect(header["min_lon_e7"] <= header["center_lon_e7"] <= header["max_lon_e7"], "header", "centre outside")
    problems.expect(header["min_lat_e7"] <= header["center_lat_e7"] <= header["max_lat_e7"], "header", "centre outside")
    problems.expect(header["min_zoom"] <= header["center_zoom"] <= header["max_zoom"], "header", "centre zoom")
    for name in ("name", "description", "attribution", "vector_layers"):
        problems.expect(name in metadata, "metadata", f"no {name}")

    described = {one["id"]: one for one in metadata.get("vector_layers", [])}
    zooms, layers = collections.Counter(), {}
    labels = collections.Counter()
    seen = {}
    largest = 0
    for (zoom, x, y), packed in tiles:
        where = f"{zoom}/{x}/{y}"
        zooms[zoom] += 1
        largest = max(largest, len(packed))
        if packed[:2] != b"\x1f\x8b":
            problems.add("gzip", where)
            continue
        try:
            decoded = mapbox_vector_tile.decode(gzip.decompress(packed), default_options={"y_coord_down": True})
        except Exception as error:
            problems.add("decode", f"{where}: {error!r}")
            continue
        problems.expect(decoded, "empty", where)
        tile = seen[(zoom, x, y)] = {}
        for layer, content in decoded.items():
            about = described.get(layer)
            problems.expect(content["version"] == 2 and content["extent"] == EXTENT, "layer", f"{where} {layer}")
            problems.expect(content["features"], "empty", f"{where} {layer}")
            if about is None:
                problems.add("layer", f"{where} {layer} is not in vector_layers")
                continue
            problems.expect(about["minzoom"] <= zoom <= about["maxzoom"], "layer", f"{where} {layer}: zoom")
            known = layers.setdefault(layer, {"ids": set(), "types": set(), "keys": set()})
            tile[layer] = {one["properties"].get("id") for one in content["features"]}
            known["ids"] |= tile[layer]
            for feature in content["features"]:
                known["types"].add(feature["geometry"]["type"].replace("Multi", ""))
                known["keys"] |= set(feature["properties"])
                check_feature(where, layer, feature, about["fields"], problems)
                check_winding(where, layer, feature["geometry"], problems)
                if layer.endswith("-labels"):
                    labels[(layer, zoom, feature["properties"].get("id"))] += 1

    problems.expect(zooms and min(zooms) == header["min_zoom"], "header", "minimum zoom")
    problems.expect(zooms and max(zooms) == header["max_zoom"], "header", "maximum zoom")
    for name, about in described.items():
        problems.expect(name in layers, "layer", f"{name} is described and in no tile")
        unused = set(about["fields"]) - layers.get(name, {"keys": set()})["keys"]
        problems.expect(not unused, "field", f"{name}: {sorted(unused)} described and never used")
    for (layer, zoom, feature), count in labels.items():
        problems.expect(count == 1, "label", f"{layer} {feature} {count} times at zoom {zoom}")
    for layer, known in layers.items():
        if layer.endswith("-labels"):
            wanted = len(known["ids"]) * (header["max_zoom"] - header["min_zoom"] + 1)
            got = sum(1 for name, _, _ in labels if name == layer)
            problems.expect(got == wanted, "label", f"{layer}: {got} labels over all zooms, {wanted} expected")
            problems.expect(known["ids"] == layers.get(layer[:-7], known)["ids"], "label", f"{layer}: ids differ")
    checked = sum(check_presence(path, seen, header, problems) for path in options.features)

    degrees = lambda name: header[name] / 1e7
    print(
        json.dumps(
            {
                "ok": not problems.count,
                "tiles": len(tiles),
                "tiles_by_zoom": {str(zoom): zooms[zoom] for zoom in sorted(zooms)},
                "zooms": [header["min_zoom"], header["max_zoom"]],
                "bounds": [degrees(f"{side}_e7") for side in ("min_lon", "min_lat", "max_lon", "max_lat")],
                "largest_tile_bytes": largest,
                "bytes": size,
                "layers": {
                    name: {"features": len(known["ids"]), "types": sorted(known["types"])}
                    for name, known in sorted(layers.items())
                },
                "features_looked_for": checked,
                "problem_counts": dict(sorted(problems.count.items())),
                "problems": problems.texts,
            },
            ensure_ascii=False,
        )
    )
    return 1 if problems.count else 0


sys.exit(main())
