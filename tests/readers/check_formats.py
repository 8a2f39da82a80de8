"""Compares a file with the GeoJSON lines that it was made from, by way of someone else's reader.

    check_formats.py READER EXPECTED.ndjson FILE [--layer NAME] [--drop a,b] [--rename long=short] [--text a,b]
                     [--tolerance DEGREES] [--id COLUMN] [--extra] [--no-crs]

READER: pyogrio (GDAL), duckdb, parquet (geopandas), ndjson (Yutu's own output read back by json and shapely).
Rows are matched by attribute `key`. Prints the number of features, or what differs (exit code 1).
"""

import argparse
import datetime
import json
import math
import sys

import shapely
from shapely.geometry import shape


def lines(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                feature = json.loads(line)
                geometry = feature["geometry"]
                yield dict(feature["properties"]), shape(geometry) if geometry else None, feature.get("id")


def of_table(table, geometry_column, fid_column):
    for row in table.to_pylist():
        geometry = row.pop(geometry_column)
        row.pop("bbox", None)
        fid = row.pop(fid_column, None)
        # No geometry is no bytes, or none of them.
        yield row, shapely.from_wkb(geometry) if geometry else None, fid


NO_CRS = "--no-crs" in sys.argv


def pyogrio_rows(path, layer):
    import pyogrio

    # Arrow, not pandas: there whole numbers and truth values with a null among them become floats.
    meta, table = pyogrio.read_arrow(path, layer=layer, return_fids=True)
    if not NO_CRS and meta["crs"] not in ("EPSG:4326", "EPSG:4490"):
        sys.exit(f"{path}: reference system {meta['crs']}")
    yield from of_table(table, meta["geometry_name"] or "wkb_geometry", meta["fid_column"] or "OGC_FID")


def parquet_rows(path, _):
    import geopandas
    import pyarrow.parquet

    frame = geopandas.read_parquet(path)
    if frame.crs is None or not frame.crs.equals("OGC:CRS84"):
        sys.exit(f"{path}: reference system {frame.crs}")
    table = pyarrow.parquet.read_table(path)
    if len(frame) != len(table) or not frame.geometry.to_wkb().equals(table.to_pandas()["geometry"]):
        sys.exit(f"{path}: geopandas and pyarrow differ")
    # Statistics of the boxes of each row group hold its geometries.
    file = pyarrow.parquet.ParquetFile(path)
    names = [file.schema.column(number).path for number in range(len(file.schema))]
    start = 0
    for number in range(file.num_row_groups):
        group = file.metadata.row_group(number)
        part = frame.geometry.iloc[start:start + group.num_rows]
        start += group.num_rows
        if not part.notna().any():
            continue
        bounds = part.total_bounds
        of = lambda edge: group.column(names.index(f"bbox.{edge}")).statistics
        found = [of("xmin").min, of("ymin").min, of("xmax").max, of("ymax").max]
        # Boxes are floats, taken outward.
        if any(abs(a - b) > 2e-5 for a, b in zip(bounds, found)) or found[0] > bounds[0] or found[3] < bounds[3]:
            sys.exit(f"{path}: row group {number} is in {list(bounds)}, its statistics say {found}")
    yield from of_table(table, "geometry", "")


def connect():
    import glob
    import os

    import duckdb
    import duckdb_extension_spatial

    connection = duckdb.connect()
    folder = os.path.dirname(duckdb_extension_spatial.__file__)
    connection.execute("load '%s'" % glob.glob(folder + "/extensions/*/spatial.duckdb_extension")[0])
    return connection


def duckdb_rows(path, layer):
    connection = connect()
    if path.endswith(".parquet"):
        table = f"read_parquet('{path}')"
        column = "geometry"
    else:
        table = f"st_read('{path}'" + (f", layer='{layer}')" if layer else ")")
        column = "geom"
    # By way of arrow, which knows instants without a package for time zones.
    found = connection.execute(f"select * replace (st_aswkb({column}) as {column}) from {table}").fetch_arrow_table()
    for row in found.to_pylist():
        geometry = row.pop(column)
        row.pop("bbox", None)
        yield row, shapely.from_wkb(bytes(geometry)) if geometry is not None else None, row.pop("OGC_FID", row.pop("fid", None))


READERS = {"pyogrio": pyogrio_rows, "parquet": parquet_rows, "duckdb": duckdb_rows, "ndjson": lambda path, _: lines(path)}


def plain(value):
    """A value as JSON would have it."""
    if value is None or value != value:
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, datetime.datetime):
        if value.tzinfo is not None:
            value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    return value


def text(value):
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def same_value(expected, found):
    expected, found = plain(expected), plain(found)
    if isinstance(expected, (list, dict)):
        found = json.loads(found) if isinstance(found, str) else found
    if expected == found and isinstance(expected, bool) == isinstance(found, bool):
        return True
    # An instant with its fraction and zone written otherwise.
    if isinstance(expected, str) and isinstance(found, str) and expected.endswith("Z"):
        parse = lambda text: datetime.datetime.fromisoformat(text.replace("Z", ""))
        try:
            return parse(expected) == parse(found)
        except ValueError:
            return False
    return False


def single(geometry):
    if geometry is not None and geometry.geom_type.startswith("Multi") and len(geometry.geoms) == 1:
        return geometry.geoms[0]
    return geometry


def same_geometry(expected, found, tolerance):
    if expected is None or found is None:
        return expected is None and found is None
    if expected.is_empty or found.is_empty:
        return expected.is_empty and found.is_empty
    expected, found = single(expected), single(found)
    if expected.geom_type != found.geom_type:
        return False
    if tolerance == 0:
        return shapely.equals_exact(expected, found, 0, normalize=True)
    return shapely.equals_exact(expected, found, tolerance, normalize=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("reader", choices=READERS)
    parser.add_argument("expected")
    parser.add_argument("file")
    parser.add_argument("--layer")
    parser.add_argument("--drop", default="")
    parser.add_argument("--rename", action="append", default=[])
    parser.add_argument("--text", default="")
    parser.add_argument("--tolerance", type=float, default=0)
    parser.add_argument("--id")
    parser.add_argument("--no-crs", action="store_true", help="the format names no reference system")
    parser.add_argument("--extra", action="store_true", help="other columns may be there")
    arguments = parser.parse_args()
    drop = set(filter(None, arguments.drop.split(",")))
    as_text = set(filter(None, arguments.text.split(",")))
    renamed = dict(pair.split("=") for pair in arguments.rename)

    expected = {}
    for row, geometry, identifier in lines(arguments.expected):
        row = {renamed.get(name, name): text(value) if name in as_text else value
               for name, value in row.items() if name not in drop}
        expected[row["key"]] = row, geometry, identifier
    count = 0
    faults = []
    for row, geometry, fid in READERS[arguments.reader](arguments.file, arguments.layer):
        count += 1
        key = plain(row["key"])
        if key not in expected:
            faults.append(f"{key!r}: not expected, or twice")
            continue
        wanted, shape_wanted, identifier = expected.pop(key)
        if not same_geometry(shape_wanted, geometry, arguments.tolerance):
            faults.append(f"{key}: {geometry} for {shape_wanted}")
        if arguments.id:
            found = fid if arguments.id == "fid" else row.pop(arguments.id)
            if not (found == identifier or str(found) == str(identifier)):
                faults.append(f"{key}: identifier {found!r} for {identifier!r}")
        for name in sorted(set(wanted) if arguments.extra else set(row) | set(wanted)):
            if not same_value(wanted.get(name), row.get(name)):
                faults.append(f"{key}: {name} is {row.get(name)!r}, expected {wanted.get(name)!r}")
    faults.extend(f"{key}: missing" for key in expected)
    for fault in faults[:20]:
        print(fault)
    if faults:
        sys.exit(1)
    print(count)


if __name__ == "__main__":
    main()
