"""Reads every picture of a raster archive (.pmtiles or .mbtiles) and prints, as one JSON object, what there is.

    python3 check_raster_tiles.py ARCHIVE

Exit status: 0 every tile is a whole picture of the format that the archive says; 1 otherwise.
"""

import json
import sqlite3
import struct
import sys
import zlib


def tiles(path):
    """Format that is said, then zoom, column, row and bytes of each tile."""
    if path.endswith(".mbtiles"):
        file = sqlite3.connect(path)
        told = dict(file.execute("select name, value from metadata"))
        rows = file.execute("select zoom_level, tile_column, (1 << zoom_level) - 1 - tile_row, tile_data from tiles")
        return told["format"], rows
    from pmtiles.reader import MmapSource, Reader, all_tiles

    source = MmapSource(open(path, "rb"))
    kind = Reader(source).header()["tile_type"].name.lower()
    return kind, ((*place, data) for place, data in all_tiles(source))


def png(data):
    """Width and height of a PNG, whose rows are unpacked."""
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    channels = {2: 3, 3: 1, 6: 4}[colour]
    assert depth == 8, depth
    at, packed, palette, opacities, ended = 8, b"", b"", b"", False
    while at < len(data):
        length, name = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(name + body), name
        packed += body if name == b"IDAT" else b""
        palette += body if name == b"PLTE" else b""
        opacities += body if name == b"tRNS" else b""
        ended |= name == b"IEND"
        at += 12 + length
    rows = zlib.decompress(packed)
    assert ended and len(rows) == height * (1 + width * channels)
    if colour == 3:
        numbers = {number for row in range(height) for number in rows[row * (width + 1) + 1 : (row + 1) * (width + 1)]}
        assert all(rows[row * (width + 1)] == 0 for row in range(height)), "rows of a palette are not filtered"
        assert len(palette) % 3 == 0 and max(numbers) < len(palette) // 3 and len(opacities) in (0, len(palette) // 3)
    return width, height


def webp(data):
    """Width and height of a WebP without loss."""
    assert data[8:16] == b"WEBPVP8L" and struct.unpack("<I", data[4:8])[0] == len(data) - 8
    bits = struct.unpack("<I", data[21:25])[0]
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def main():
    said, rows = tiles(sys.argv[1])
    sizes, zooms = set(), {}
    for zoom, _, _, data in rows:
        is_png = data[:8] == b"\x89PNG\r\n\x1a\n"
        if said != ("png" if is_png else "webp"):
            sys.exit(f"a tile is no {said}")
        sizes.add((png if is_png else webp)(data))
        zooms[zoom] = zooms.get(zoom, 0) + 1
    print(json.dumps({"format": said, "sizes": sorted(sizes), "zooms": zooms}))


main()
