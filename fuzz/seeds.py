"""Writes a few small files for each target to start from: seeds.py CORPUS"""

import gzip
import io
import json
import math
import os
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib

TEXT = "花市在重庆市永川区和四川省泸州市举办。\n一、站点\n沿沱江、岷江设站（12处）：南充市、遂宁市各3处。"
XML = (
    "<w:document xmlns:w='w'><w:body><w:p><w:r><w:t>重庆&amp;&#24198;</w:t><w:tab/></w:r></w:p>"
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"
    "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del></w:body></w:document>"
)
HTML = (
    "<!DOCTYPE html><html><head><meta charset=gbk><title>市</title></head><body><nav>a</nav><p>重庆&mdash;成都"
    "<table><tr><td>甲<td>乙</table><!-- a --><script>b</script></body></html>"
)
CMAP = (
    "begincmap 1 begincodespacerange <0000><ffff> endcodespacerange 1 beginbfchar <0001><6C5F> endbfchar "
    "1 beginbfrange <0002><0009><5C71> endbfrange endcmap"
)


def stream(entries, data):
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def pdf(objects, packed=False):
    """The objects behind the mark of a PDF; packed ones stand in an object stream."""
    body, places = b"", {}
    bundled = [number for number, data in objects.items() if packed and b"stream" not in data]
    if bundled:
        head, inside = b"", b""
        for number in bundled:
            head += b"%d %d " % (number, len(inside))
            inside += objects[number] + b" "
        data = zlib.compress(head + inside)
        entries = b"/Type/ObjStm/N %d/First %d/Filter/FlateDecode" % (len(bundled), len(head))
        objects = {n: d for n, d in objects.items() if n not in bundled} | {90: stream(entries, data)}
    for number, data in objects.items():
        places[number] = len(body) + 9
        body += b"%d 0 obj\n%s\nendobj\n" % (number, data)
    table = len(body) + 9
    if not bundled:
        body += b"xref\n0 1\n0000000000 65535 f \n"
        for number, place in places.items():
            body += b"%d 1\n%010d 00000 n \n" % (number, place)
        body += b"trailer\n<</Root 1 0 R>>\n"
    else:
        rows = {n: b"\x01" + p.to_bytes(2, "big") + b"\0" for n, p in places.items()}
        rows |= {n: b"\x02\0\x5a" + bytes([at]) for at, n in enumerate(bundled)}
        index = b" ".join(b"%d 1" % number for number in rows)
        entries = b"/Type/XRef/Root 1 0 R/Size 99/W[1 2 1]/Index[%s]" % index
        body += b"91 0 obj\n%s\nendobj\n" % stream(entries, b"".join(rows.values()))
    return body + b"startxref\n%d\n%%%%EOF" % table


def page(content, font, **more):
    return {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Kids[3 0 R]/Resources<</Font<</F 5 0 R>>/XObject<</X 6 0 R>>>>>>",
        3: b"<</Type/Page/Contents 4 0 R>>",
        4: stream(*content),
        5: font,
        6: stream(b"/Subtype/Form/Matrix[1 0 0 1 9 9]", b"BT /F 9 Tf (\0\2) ' ET"),
        7: stream(b"", CMAP.encode()),
    }


def composite(encoding):
    return (
        b"<</Subtype/Type0/BaseFont/A/Encoding/%s/ToUnicode 7 0 R/DescendantFonts[<</DW 900/W[1[500 600]3 9 700]"
        b"/CIDSystemInfo<</Ordering(GB1)>>>>]>>" % encoding
    )


def pdfs():
    shown = b"q BT /F 12 Tf 50 700 Td [<0001>-200(\0\3)] TJ T* (\0\1\0\2) Tj ET /X Do Q"
    yield pdf(page((b"", shown), composite(b"Identity-H")))
    yield pdf(page((b"/Filter/FlateDecode", zlib.compress(shown)), composite(b"Identity-H")), packed=True)
    yield pdf(page((b"", b"BT /F 9 Tf <d6d8c7ec41> Tj ET"), composite(b"GBK-EUC-H").replace(b"/ToUnicode 7 0 R", b"")))
    simple = b"<</Subtype/TrueType/FirstChar 65/Widths[500 600]/Encoding<</Differences[65/uni6210/comma]>>>>"
    yield pdf(page((b"/Filter/ASCIIHexDecode", (b"BT /F 9 Tf (AB) Tj ET BI ID x EI ").hex().encode()), simple))


def docx():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", XML)
    return packed.getvalue()


def varint(number):
    out = b""
    while number >= 128:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, data):
    return bytes([number << 3 | 2]) + varint(len(data)) + data


def tile():
    """A square with a name and a number, a line and a point."""
    shapes = [(3, [9, 16, 16, 26, 20, 0, 0, 20, 19, 0, 15]), (2, [9, 4, 4, 10, 6, 6]), (1, [9, 50, 34])]
    features = b"".join(
        field(2, b"\x08\x07" + field(2, b"\0\0\1\1") + bytes([24, kind]) + field(4, bytes(commands))) for kind, commands in shapes
    )
    values = field(4, field(1, "渝".encode())) + field(4, b"\x28\x2a") + field(4, b"\x19" + bytes(8))
    return field(3, b"\x78\2" + field(1, b"a") + features + field(3, b"name") + field(3, b"n") + values + b"\x28\x80\x20")


def directory(entries):
    """Tile number, run length, length, offset."""
    columns = [[], [], [], []]
    last = 0
    for number, run, length, offset in entries:
        for column, value in zip(columns, (number - last, run, length, offset + 1)):
            column.append(varint(value))
        last = number
    return varint(len(entries)) + b"".join(b"".join(column) for column in columns)


def pmtiles(packed, leaves):
    pack = zlib_gzip if packed else bytes
    data = [pack(tile()), pack(tile() + tile().replace(b"\1a", b"\1b"))]
    entries = [(0, 1, len(data[0]), 0), (1, 3, len(data[0]), 0), (6, 1, len(data[1]), len(data[0]))]
    layers = [{"id": name, "fields": {"name": "String", "n": "Number"}, "minzoom": 0, "maxzoom": 2} for name in "ab"]
    metadata = pack(json.dumps({"name": "a", "vector_layers": layers}).encode())
    leaf = pack(directory(entries)) if leaves else b""
    root = pack(directory([(0, 0, len(leaf), 0)] if leaves else entries))
    ends = [127]
    for section in (root, metadata, leaf, b"".join(data)):
        ends.append(ends[-1] + len(section))
    head = b"PMTiles\3"
    for start, end in zip(ends, ends[1:]):
        head += struct.pack("<QQ", start, end - start)
    head += struct.pack("<QQQ", 5, len(entries), 2) + bytes([1, 2 if packed else 1, 2 if packed else 1, 1, 0, 2])
    head += struct.pack("<iiii", -1800000000, -850000000, 1800000000, 850000000) + bytes([0]) + struct.pack("<ii", 0, 0)
    assert len(head) == 127
    return head + root + metadata + leaf + b"".join(data)


def zlib_gzip(data):
    return gzip.compress(data, mtime=0)


def mbtiles():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "a.mbtiles")
        file = sqlite3.connect(path)
        file.executescript(
            "pragma page_size=512; create table metadata (name text, value text); create table tiles (zoom_level integer, "
            "tile_column integer, tile_row integer, tile_data blob); create unique index i on tiles (zoom_level, tile_column, tile_row)"
        )
        layers = {"vector_layers": [{"id": "a", "fields": {"name": "String", "n": "Number"}, "minzoom": 0, "maxzoom": 0}]}
        told = {"name": "a", "format": "pbf", "bounds": "-180,-85,180,85", "minzoom": "0", "maxzoom": "0", "json": json.dumps(layers)}
        file.executemany("insert into metadata values (?, ?)", told.items())
        file.execute("insert into tiles values (0, 0, 0, ?)", (zlib_gzip(tile()),))
        file.commit()
        file.close()
        return path.read_bytes()


LINES = (
    '{"type":"Feature","id":1,"properties":{"n":"重庆","x":1.5,"y":null,"z":[1]},"geometry":{"type":"Point","coordinates":[106.5,29.5]}}\n'
    '{"type":"Feature","properties":{"n":"\\u7701"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}\n'
    '{"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[[[0,0],[1,1.5e0]],[[2,2],[3,3]]]}}\n'
)


def gpkg(folder):
    """A table of two points and a geometry of none, as small as it can be."""
    path = pathlib.Path(folder, "a.gpkg")
    with sqlite3.connect(path) as db:
        db.executescript(
            "pragma page_size=512; pragma application_id=1196444487; pragma user_version=10300;"
            "create table gpkg_spatial_ref_sys(srs_name, srs_id integer primary key, organization, organization_coordsys_id, definition);"
            "insert into gpkg_spatial_ref_sys values('WGS 84',4326,'EPSG',4326,'GEOGCS[\"WGS 84\"]');"
            "create table gpkg_contents(table_name text primary key, data_type, identifier, srs_id);"
            "insert into gpkg_contents values('t','features','t',4326);"
            "create table gpkg_geometry_columns(table_name, column_name, geometry_type_name, srs_id, z, m);"
            "insert into gpkg_geometry_columns values('t','g','POINT',4326,0,0);"
            "create table t(fid integer primary key, g blob, n text, x real);"
        )
        for lon, lat in ((106.5, 29.5), (104.0, 30.6)):
            blob = b"GP\0\1" + struct.pack("<i", 4326) + struct.pack("<BIdd", 1, 1, lon, lat)
            db.execute("insert into t(g, n, x) values(?, ?, ?)", (blob, "成都", 1.5))
        db.execute("insert into t(n) values('无')")
    db.close()
    return path.read_bytes()


def shapefile():
    """Two points with a name each, in an archive."""
    records = b""
    for number, (lon, lat) in enumerate(((106.5, 29.5), (104.0, 30.6)), 1):
        records += struct.pack(">ii", number, 10) + struct.pack("<idd", 1, lon, lat)
    box = struct.pack("<8d", 104, 29.5, 106.5, 30.6, 0, 0, 0, 0)
    shp = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, (100 + len(records)) // 2) + struct.pack("<2i", 1000, 1) + box + records
    dbf = struct.pack("<BBBBIHH20x", 3, 126, 1, 1, 2, 65, 11) + struct.pack("<11sc4xBB14x", b"n", b"C", 10, 0) + b"\r"
    dbf += b" " + b"abc".ljust(10) + b" " + "渝".encode().ljust(10) + b"\x1a"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.shp", shp)
        archive.writestr("a.dbf", dbf)
        archive.writestr("a.cpg", "UTF-8")
    return packed.getvalue()


PLACEMARKS = (
    '<?xml version="1.0" encoding="UTF-8"?><kml><Document><Schema id="s"><SimpleField name="n" type="int"/></Schema>'
    '<Placemark id="a"><name>渝&amp;</name><ExtendedData><SchemaData schemaUrl="#s"><SimpleData name="n">7</SimpleData></SchemaData>'
    "<Data name='d'><value>x</value></Data></ExtendedData><Point><coordinates>1,2,3</coordinates></Point></Placemark><!-- > -->"
    "<Placemark><MultiGeometry><LineString><coordinates>0,0 1,1</coordinates></LineString><Polygon><outerBoundaryIs><LinearRing>"
    "<coordinates>0,0 1,0 1,1 0,0</coordinates></LinearRing></outerBoundaryIs></Polygon></MultiGeometry></Placemark>"
    "<Placemark><description><![CDATA[<b></Placemark>]]></description></Placemark></Document></kml>"
)
TOPOLOGY = (
    '{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[1,2]},"objects":{"a":{"type":"GeometryCollection","geometries":['
    '{"type":"Polygon","id":3,"properties":{"n":"渝"},"arcs":[[0,1]]},{"type":"Polygon","arcs":[[-2,2]]},{"arcs":[0],"type":"LineString"},'
    '{"type":"Point","coordinates":[3,4]},{"type":null},{"type":"GeometryCollection","geometries":[{"type":"MultiPoint","coordinates":[[1,1]]}]}]}},'
    '"arcs":[[[0,0],[1,0],[0,1]],[[1,1],[-1,0],[0,-1]],[[0,0],[2,2]]]}'
)


def geoparquets():
    """Small files of pyarrow, where it is there: YUTU_TEST_PYTHON, or the Python of this run."""
    script = """
import json, struct, sys, pyarrow, pyarrow.parquet
point = lambda x, y: struct.pack("<BIdd", 1, 1, x, y)
table = pyarrow.table({
    "name": ["a", None, "b"], "n": pyarrow.array([7, -9, None], pyarrow.int64()), "x": [0.5, 1.5, None], "b": [True, None, False],
    "d": pyarrow.array([1, None, -1], pyarrow.date32()), "t": pyarrow.array([1, None, -1], pyarrow.timestamp("us", "UTC")),
    "s": [{"x": 1}, None, {"x": 2}], "l": [[1], None, []], "geometry": [point(106.5, 29.5), None, point(104, 30.6)],
})
geo = {"version": "1.0.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": []}}}
table = table.replace_schema_metadata({"geo": json.dumps(geo)})
for number, options in enumerate([
    {"compression": "snappy"}, {"compression": "zstd", "data_page_version": "2.0"}, {"compression": "gzip"}, {"compression": "brotli"},
    {"compression": "lz4"}, {"compression": "none", "use_dictionary": False, "column_encoding": {
        "name": "DELTA_BYTE_ARRAY", "n": "DELTA_BINARY_PACKED", "x": "BYTE_STREAM_SPLIT", "geometry": "DELTA_LENGTH_BYTE_ARRAY"}},
]):
    pyarrow.parquet.write_table(table, f"{sys.argv[1]}/{number}.parquet", store_schema=False, **options)
"""
    with tempfile.TemporaryDirectory() as folder:
        python = os.environ.get("YUTU_TEST_PYTHON", sys.executable)
        if subprocess.run([python, "-c", script, folder], stderr=subprocess.DEVNULL).returncode == 0:
            yield from (path.read_bytes() for path in sorted(pathlib.Path(folder).iterdir()))


def kmz():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", PLACEMARKS)
    return packed.getvalue()


def features():
    table = "id,lon,lat,n\n1,106.5,29.5,重庆\n2,104,30.6,\"a,\"\"b\"\n3,x,y,\n"
    collection = '{"type":"FeatureCollection","features":[' + ",".join(LINES.split("\n")[:3]) + "]}"
    yield LINES.encode() + b"\0"
    yield table.encode() + b"\1"
    yield table.replace(",", "\t").encode("gb18030") + b"\6"
    yield collection.encode() + b"\2"
    yield b"\x1e" + LINES.replace("\n", "\n\x1e").encode() + b"\7"
    yield shapefile() + b"\5"
    yield kmz() + b"\5"
    yield PLACEMARKS.encode() + b"\t"
    yield TOPOLOGY.encode() + b"\n"
    for made in geoparquets():
        yield made + b"\b"
    with tempfile.TemporaryDirectory() as folder:
        yield gpkg(folder) + b"\4"
        # FlatGeobuf as GDAL writes it, where it is there.
        if shutil.which("ogr2ogr"):
            source, made = pathlib.Path(folder, "a.geojson"), pathlib.Path(folder, "a.fgb")
            source.write_text(collection, encoding="utf-8")
            for options in ([], ["-lco", "SPATIAL_INDEX=NO"]):
                made.unlink(missing_ok=True)
                subprocess.run(["ogr2ogr", "-nlt", "GEOMETRY", "-mapFieldType", "IntegerList=String", *options, made, source], check=True, stderr=subprocess.DEVNULL)
                yield made.read_bytes() + b"\3"


def indexes():
    """Sections of a saved index of three points in one leaf, and in two."""
    places = [(106.0, 30.0), (106.001, 30.0), (106.002, 30.001)]

    def space(lon, lat):
        a, e_2 = 6378137.0, 0.0066943799901413165
        lon, lat = math.radians(lon), math.radians(lat)
        n = a / math.sqrt(1 - e_2 * math.sin(lat) ** 2)
        return n * math.cos(lat) * math.cos(lon), n * math.cos(lat) * math.sin(lon), n * (1 - e_2) * math.sin(lat)

    for parts in ([places], [places[:1], places[1:]]):
        spaces = [[space(*place) for place in part] for part in parts]

        def box(points):
            return [min(p[i] for p in points) - 1 for i in range(3)] + [max(p[i] for p in points) + 1 for i in range(3)]

        nodes = [[0.0] * 6] + ([] if len(parts) == 1 else [box(sum(spaces, []))]) + [box(part) for part in spaces]
        leaves = b""
        for part in spaces:
            for axis in range(3):
                lanes = [point[axis] for point in part] + [math.nan] * (32 - len(part))
                leaves += struct.pack("<32d", *lanes)
        starts = [0]
        for part in parts:
            starts.append(starts[-1] + len(part))
        about = b'{"source":"none","columns":["id"],"class_column":"","classes":[]}'
        sections = [
            b"".join(struct.pack("<6f", *node) for node in nodes),
            leaves,
            struct.pack(f"<{len(starts)}I", *starts),
            struct.pack("<3I", 0, 1, 2),
            b"".join(struct.pack("<2d", *place) for place in places),
            struct.pack(f"<{len(nodes)}Q", *[1] * len(nodes)),
            b"\0\0\0",
            struct.pack("<3Q", 6, 12, 18),
            b'"id":0"id":1"id":2',
            about,
        ]
        yield b"".join(struct.pack("<H", len(section)) for section in sections) + b"".join(sections)


def main(corpus):
    # The last byte of an input of `document` and of `features` chooses the name.
    seeds = {
        "pdf": list(pdfs()),
        "docx": [XML.encode(), docx()],
        "text": [TEXT.encode()],
        "features": list(features()),
        "saved_index": list(indexes()),
        "document": [
            TEXT.encode() + b"\0",
            TEXT.encode("gb18030") + b"\0",
            TEXT.encode("utf-16") + b"\0",
            HTML.encode("gbk") + b"\1",
            docx() + b"\2",
        ]
        + [b"%PDF-1.7\n" + seed + b"\3" for seed in pdfs()],
        "mvt": [tile(), tile() * 2],
        "pmtiles": [pmtiles(packed, leaves) for packed in (False, True) for leaves in (False, True)],
        # The first byte says whether it is a whole file.
        "mbtiles": [b"\1" + mbtiles(), b"\0" + tile() * 3],
    }
    for target, files in seeds.items():
        folder = pathlib.Path(corpus, target)
        folder.mkdir(parents=True, exist_ok=True)
        for number, data in enumerate(files):
            (folder / f"seed-{number}").write_bytes(data)


main(sys.argv[1])
