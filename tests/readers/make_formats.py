"""Writes the features of GeoJSON lines as files of other programs, for Yutu to read: make_formats.py MAKER SOURCE.ndjson FOLDER

MAKER: parquet (geopandas and DuckDB: versions, compressions, encodings), plane (geopandas, in a zone of CGCS2000),
odd (pyarrow: structures, lists, small numbers, nulls). Prints the name of each file.
"""

import datetime
import json
import pathlib
import sys

import geopandas
import pandas
import pyarrow
import pyarrow.parquet
from shapely.geometry import shape

from check_formats import connect

TYPES = {
    "人口": pyarrow.int64(), "面积": pyarrow.float64(), "撤销": pyarrow.bool_(), "立": pyarrow.date32(), "长": pyarrow.int64(),
    "改": pyarrow.timestamp("us", "UTC"), "n": pyarrow.int64(), "空": pyarrow.string(),
}


def value(name, value):
    if value is None:
        return None
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if name == "立":
        return datetime.date.fromisoformat(value)
    if name == "改":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    return value


def frame(path):
    with open(path, encoding="utf-8") as file:
        features = [json.loads(line) for line in file]
    names = list(dict.fromkeys(name for feature in features for name in feature["properties"]))
    columns = {name: [value(name, feature["properties"].get(name)) for feature in features] for name in names}

    def kind(name, rows):
        with_fraction = any(isinstance(value, float) for value in rows)
        return pyarrow.float64() if with_fraction else TYPES.get(name, pyarrow.string())

    table = pyarrow.table({name: pyarrow.array(rows, kind(name, rows)) for name, rows in columns.items()})
    shapes = [shape(feature["geometry"]) if feature["geometry"] else None for feature in features]
    return geopandas.GeoDataFrame(table.to_pandas(types_mapper=pandas.ArrowDtype), geometry=shapes, crs="OGC:CRS84")


def parquet(source, folder):
    features = frame(source)
    for packing in ["snappy", "gzip", "zstd", "brotli", "lz4", None]:
        path = folder / f"{packing}.parquet"
        features.to_parquet(path, compression=packing, schema_version="1.0.0")
        yield path
    path = folder / "covered.parquet"
    features.to_parquet(path, schema_version="1.1.0", write_covering_bbox=True, row_group_size=7, data_page_version="2.0")
    yield path
    delta = [name for name in features.columns if name in ("key", "code", "名称")]
    path = folder / "delta.parquet"
    features.to_parquet(
        path, use_dictionary=False, compression="zstd", data_page_size=512,
        column_encoding={name: "DELTA_BYTE_ARRAY" for name in delta} | {"geometry": "DELTA_LENGTH_BYTE_ARRAY"}
        | {name: "DELTA_BINARY_PACKED" for name in features.columns if str(features[name].dtype).startswith("int64")}
        | {name: "BYTE_STREAM_SPLIT" for name in features.columns if str(features[name].dtype).startswith("double")},
    )
    yield path
    connection = connect()
    connection.execute("set timezone = 'UTC'")
    for number, options in enumerate(["geoparquet_version 'V1'", "geoparquet_version 'V2'", "geoparquet_version 'V1', parquet_version v2, compression zstd"]):
        path = folder / f"duckdb-{number}.parquet"
        connection.execute(f"copy (from '{folder}/snappy.parquet') to '{path}' (format parquet, {options})")
        yield path


def plane(source, folder):
    for code in (4544, 4523, 32648):
        path = folder / f"{code}.parquet"
        frame(source).to_crs(code).to_parquet(path)
        yield path


def odd(_, folder):
    """Expected beside it: odd.ndjson."""
    rows = 3
    table = pyarrow.table({
        "key": ["a", "b", "c"],
        "of": pyarrow.array([{"x": 1, "y": {"z": "丙"}}, None, {"x": None, "y": None}]),
        "list": [[1, 2], None, []],
        "small": pyarrow.array([255, 0, None], pyarrow.uint8()),
        "large": pyarrow.array([2**64 - 1, 0, None], pyarrow.uint64()),
        "half": pyarrow.array([0.5, None, -2.0], pyarrow.float32()),
        "nan": pyarrow.array([1.5, float("nan"), None], pyarrow.float64()),
        "decimal": pyarrow.array([None, "12.30", "-0.05"], pyarrow.string()).cast(pyarrow.decimal128(9, 2)),
        "second": pyarrow.array([0, -1, None], pyarrow.timestamp("s")),
        "time": pyarrow.array([3_600_000, 1, None], pyarrow.time32("ms")),
        "binary": pyarrow.array([b"\xff", None, b""], pyarrow.binary()),
        "dictionary": pyarrow.array(["甲", None, "甲"]).dictionary_encode(),
        "lon": [106.5, 107.0, None],
        "lat": [29.5, 30.0, None],
    })
    assert len(table) == rows
    path = folder / "odd.parquet"
    pyarrow.parquet.write_table(table, path)
    yield path


def main():
    maker, source, folder = sys.argv[1:]
    for path in {"parquet": parquet, "plane": plane, "odd": odd}[maker](source, pathlib.Path(folder)):
        print(path)


main()
