"""Opens every tile of a PMTiles archive with other people's code and prints what is in it as one JSON object.

    python check_tiles.py ARCHIVE.pmtiles [--union INPUT.ndjson]

Needs the packages of requirements.txt. With --union the polygons of the deepest zoom, buffers cut off, are joined and held
against those of the input, in pixels of a tile of 4096.
"""

import argparse
import collections
import gzip
import json
import math

import mapbox_vector_tile
import shapely
from pmtiles.reader import MmapSource, all_tiles
from shapely.geometry import box, shape
from shapely.ops import transform, unary_union

EXTENT = 4096


def positions(geometry):
    stack = [geometry["coordinates"]]
    while stack:
        top = stack.pop()
        if top and isinstance(top[0], (int, float)):
            yield top
        else:
            stack.extend(top)


def to_grid(zoom):
    """From longitude and latitude to the grid of a zoom."""
    side = EXTENT << zoom

    def convert(lon, lat):
        sine = math.sin(math.radians(lat))
        return (lon / 360 + 0.5) * side, (0.5 - math.log((1 + sine) / (1 - sine)) / (4 * math.pi)) * side

    return convert


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("archive")
    arguments.add_argument("--union")
    options = arguments.parse_args()
    zooms = collections.defaultdict(lambda: collections.Counter())
    invalid, pieces, buffer = [], [], 0
    ids = collections.defaultdict(set)
    with open(options.archive, "rb") as file:
        tiles = list(all_tiles(MmapSource(file)))
    deepest = max(zoom for (zoom, _, _), _ in tiles)
    for (zoom, x, y), packed in tiles:
        seen = zooms[zoom]
        seen["tiles"] += 1
        seen["largest"] = max(seen["largest"], len(packed))
        for name, layer in mapbox_vector_tile.decode(
            gzip.decompress(packed), default_options={"y_coord_down": True}
        ).items():
            seen["most_features"] = max(seen["most_features"], len(layer["features"]))
            for feature in layer["features"]:
                geometry, properties = feature["geometry"], feature["properties"]
                seen["features"] += 1
                seen["points"] += properties.get("point_count", 1)
                if "clustered" in properties:
                    seen["clusters"] += 1
                seen["sum"] += properties.get("pop", 0)
                ids[zoom].add(properties.get("id"))
                for px, py in positions(geometry):
                    buffer = max(buffer, -px, -py, px - EXTENT, py - EXTENT)
                if geometry["type"] == "Point":
                    px, py = geometry["coordinates"]
                    seen["inside"] += 0 <= px < EXTENT and 0 <= py < EXTENT
                made = shape(geometry)
                if "Polygon" in geometry["type"]:
                    if not made.is_valid:
                        invalid.append(f"{zoom}/{x}/{y} {name} {properties.get('id')}: {shapely.is_valid_reason(made)}")
                    if zoom == deepest and options.union:
                        own = made.buffer(0).intersection(box(0, 0, EXTENT, EXTENT))
                        pieces.append(transform(lambda a, b: (a + x * EXTENT, b + y * EXTENT), own))
                elif made.is_empty or (made.geom_type == "LineString" and made.length == 0):
                    invalid.append(f"{zoom}/{x}/{y} {name}: a line without length")
    result = {
        "zooms": {str(zoom): dict(zooms[zoom]) for zoom in sorted(zooms)},
        "nested": all(ids[zoom] <= ids[zoom + 1] for zoom in sorted(ids)[:-1]),
        "invalid": invalid[:10],
        "buffer": buffer,
    }
    if options.union:
        with open(options.union, encoding="utf-8") as file:
            wanted = unary_union(
                [transform(to_grid(deepest), shape(json.loads(line)["geometry"])).buffer(0) for line in file]
            )
        found = unary_union(pieces)
        # What is beyond a pixel of the other's border.
        result["missing"] = wanted.buffer(-1).difference(found.buffer(0.01)).area
        result["beyond"] = found.difference(wanted.buffer(1)).area
        # Between whole numbers no hole is smaller than half a unit; what is less is of the union's own rounding.
        rings = [ring for one in getattr(found, "geoms", [found]) for ring in one.interiors]
        result["holes"] = [area for area in (shapely.Polygon(ring).area for ring in rings) if area > 1e-6]
    print(json.dumps(result))


main()
