"""Writes files that are awkward and real, with other programs' writers: make_awkward.py FOLDER

Each is named for what is awkward in it; tests/convert/awkward.rs knows what is in them.
"""

import json
import pathlib
import random
import sqlite3
import struct
import sys

import geopandas
import pandas
import pyogrio
import shapely
from shapely.geometry import LineString, MultiPoint, Point, Polygon


def collection(path, features, **more):
    path.write_text(json.dumps({"type": "FeatureCollection", **more, "features": features}, ensure_ascii=False), encoding="utf-8")


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def named(code):
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}


def texts(folder):
    rows = "名称,lon,lat,n\r\n重庆,106.5,29.5,1\r\n\"成都,\r\n蓉\",104.0,30.6,2\r\n"
    (folder / "bom-crlf.csv").write_bytes(b"\xef\xbb\xbf" + rows.encode())
    (folder / "gb18030.csv").write_bytes(rows.encode("gb18030"))
    (folder / "utf-16.csv").write_bytes(rows.encode("utf-16"))
    points = [feature({"type": "Point", "coordinates": [106.5, 29.5]}, 名称="重庆"), feature({"type": "Point", "coordinates": [104.0, 30.6]}, 名称="成都")]
    text = json.dumps({"type": "FeatureCollection", "features": points}, indent=1, ensure_ascii=False)
    (folder / "bom-crlf.geojson").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    page = (
        '<?xml version="1.0" encoding="{}"?>\r\n<!-- <Placemark> -->\r\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        "<Style id=\"a\"><IconStyle/></Style><Placemark id=\"p1\"><name>重庆 &amp; &#25104;</name><description><![CDATA[<b>主城</b></Placemark>]]></description>"
        '<ExtendedData><Data name="级别"><value>0510</value></Data></ExtendedData><Point><coordinates>\r\n 106.5, 29.5,250 </coordinates></Point></Placemark>'
        "<Placemark><name>环</name><MultiGeometry><Polygon><innerBoundaryIs><LinearRing><coordinates>1,1 2,1 2,2 1,1</coordinates></LinearRing></innerBoundaryIs>"
        "<outerBoundaryIs><LinearRing><coordinates>0,0 3,0 3,3 0,3 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon>"
        "<MultiGeometry><Point><coordinates>5,5</coordinates></Point></MultiGeometry></MultiGeometry></Placemark>"
        '<Placemark><gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"><when>2024-01-01T00:00:00Z</when><gx:coord>1 2 0</gx:coord><gx:coord>3 4 0</gx:coord></gx:Track></Placemark>'
        "<Placemark><name>无</name></Placemark></Document></kml>"
    )
    (folder / "bom.kml").write_bytes(b"\xef\xbb\xbf" + page.format("UTF-8").encode())
    (folder / "gb2312.kml").write_bytes(page.format("GB2312").encode("gb18030"))


def systems(folder):
    degrees = {"type": "Point", "coordinates": [106.5, 29.5]}
    metres = geopandas.GeoSeries([Point(106.5, 29.5)], crs=4326).to_crs(4544).iloc[0]
    metres = {"type": "Point", "coordinates": [metres.x, metres.y]}
    collection(folder / "crs-4490.geojson", [feature(degrees, a=1)], crs=named(4490))
    collection(folder / "crs-4544.geojson", [feature(metres, a=1)], crs=named(4544))
    late = {"type": "FeatureCollection", "features": [feature(metres, a=1)], "crs": named(4544)}
    (folder / "crs-late.geojson").write_text(json.dumps(late))
    local = {"type": "name", "properties": {"name": "某城市独立坐标系"}}
    collection(folder / "crs-local.geojson", [feature(metres, a=1)], crs=local)


def shapes(folder):
    heights = geopandas.GeoDataFrame({"a": [1, 2, 3]}, geometry=[Point(106.5, 29.5, 250), LineString([(1, 2, 3), (4, 5, 6)]), Point(1, 2)], crs=4326)
    for driver, end in (("GPKG", "gpkg"), ("GeoJSON", "geojson")):
        pyogrio.write_dataframe(heights, folder / f"heights.{end}", driver=driver, geometry_type="Unknown")
    heights.to_parquet(folder / "heights.parquet")
    empties = [Point(), LineString(), Polygon(), MultiPoint(), None, Point(1, 2)]
    frame = geopandas.GeoDataFrame({"key": list("abcdef")}, geometry=empties, crs=4326)
    pyogrio.write_dataframe(frame, folder / "empty.gpkg", geometry_type="Unknown")
    pyogrio.write_dataframe(frame, folder / "empty.geojson", driver="GeoJSON")
    frame.to_parquet(folder / "empty.parquet")
    rows = [f"{key}\t{'' if shape is None else shape.wkt}" for key, shape in zip("abcdef", empties)]
    (folder / "empty.tsv").write_text("key\twkt\n" + "\n".join(rows) + "\n")


def values(folder):
    point = {"type": "Point", "coordinates": [106.5, 29.5]}
    mixed = [1, "二", 2.5, True, None, [1, 2], {"a": 1}, 12345678901234567890, "0510"]
    collection(folder / "mixed.geojson", [feature(point, key=str(at), v=value) for at, value in enumerate(mixed)])
    dates = geopandas.GeoDataFrame(
        {"key": ["a", "b"], "day": pandas.array(["1850-01-31", "1582-10-15"], dtype="string")}, geometry=[Point(106.5, 29.5), Point(104, 30.6)], crs=4326
    )
    path = folder / "dates.gpkg"
    pyogrio.write_dataframe(dates, path)
    with sqlite3.connect(path) as db:
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            db.create_function(name, 1, lambda _: 0)
        db.execute("alter table dates add column born DATE")
        db.execute("update dates set born = day")
    db.close()


def shapefiles(folder):
    names = geopandas.GeoDataFrame({"名称": ["青石镇", "龙驹"], "n": [1, 2]}, geometry=[Point(106.5, 29.5), Point(104, 30.6)], crs=4326)
    pyogrio.write_dataframe(names, folder / "gb18030.shp", driver="ESRI Shapefile", encoding="GB18030")
    pyogrio.write_dataframe(names, folder / "untold.shp", driver="ESRI Shapefile", encoding="GB18030")
    (folder / "untold.cpg").unlink()
    # A hundredth is garbage: kinds of geometry that there are not, and positions that no place has.
    chance = random.Random(1)
    points = [Point(chance.uniform(100, 110), chance.uniform(25, 33)) for _ in range(1000)]
    pyogrio.write_dataframe(geopandas.GeoDataFrame({"key": range(1000)}, geometry=points, crs=4326), folder / "garbage.shp")
    path = folder / "garbage.shp"
    data = bytearray(path.read_bytes())
    for number in chance.sample(range(1000), 10):
        record = 100 + number * 28 + 8
        if number % 2:
            data[record:record + 4] = struct.pack("<i", 77)
        else:
            data[record + 4:record + 12] = struct.pack("<d", 1e30)
    path.write_bytes(data)
    square = geopandas.GeoDataFrame({"key": ["A"]}, geometry=[shapely.box(100, 25, 110, 33)], crs=4326)
    pyogrio.write_dataframe(square, folder / "square.gpkg")


folder = pathlib.Path(sys.argv[1])
for part in (texts, systems, shapes, values, shapefiles):
    part(folder)
