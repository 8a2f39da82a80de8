"""Draws a tile archive as a QGIS user would see it, and prints what QGIS makes of it as one JSON object.

    /usr/bin/python3 show_in_qgis.py ARCHIVE.mbtiles --out FOLDER --at LON,LAT,ZOOM … [--label ATTRIBUTE]

Needs QGIS's own Python (Debian: python3-qgis). Polygons are half transparent with a thin dark edge, so that a gap between
neighbours is light, an overlap dark, and a border that differs on its two sides is two lines. For each place there is a
picture of 1024 × 768 pixels, 512 pixels a tile, named by its zoom.

Exit status: 0 the archive opened and every picture was drawn without an error; 2 otherwise, or no QGIS.
"""

import argparse
import json
import math
import os
import sqlite3
import sys

from headless_qgis import draw, leave
from qgis.core import (
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFillSymbol,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsPalLayerSettings,
    QgsRectangle,
    QgsTextFormat,
    QgsVectorTileBasicLabeling,
    QgsVectorTileBasicLabelingStyle,
    QgsVectorTileBasicRenderer,
    QgsVectorTileBasicRendererStyle,
    QgsVectorTileLayer,
    QgsWkbTypes,
)
from qgis.PyQt.QtGui import QColor, QFont

SIZE = (1024, 768)
KINDS = {QgsWkbTypes.PolygonGeometry: "Polygon", QgsWkbTypes.LineGeometry: "Line", QgsWkbTypes.PointGeometry: "Point"}
EDGE = 20037508.342789244


def symbols():
    return [
        (QgsWkbTypes.PolygonGeometry, QgsFillSymbol.createSimple(
            {"color": "70,130,180,110", "outline_color": "20,40,60,255", "outline_width": "0.2"})),
        (QgsWkbTypes.LineGeometry, QgsLineSymbol.createSimple({"color": "150,40,40,255", "width": "0.3"})),
        (QgsWkbTypes.PointGeometry, QgsMarkerSymbol.createSimple(
            {"name": "circle", "color": "230,120,20,255", "outline_color": "255,255,255,255", "size": "1.6"})),
    ]


def drawn(layers, names, label):
    """Puts a style for each kind of geometry of each layer on the map layer, and labels of an attribute."""
    styles = []
    for name in names:
        for kind, symbol in symbols():
            style = QgsVectorTileBasicRendererStyle(f"{name} {kind}", name, kind)
            style.setSymbol(symbol.clone())
            # QGIS would draw the edges and the vertices of polygons by the styles of lines and points.
            style.setFilterExpression(f"geometry_type($geometry) = '{KINDS[kind]}'")
            styles.append(style)
    styles.sort(key=lambda style: -int(style.geometryType()))
    renderer = QgsVectorTileBasicRenderer()
    renderer.setStyles(styles)
    layers.setRenderer(renderer)
    if not label:
        return
    settings = QgsPalLayerSettings()
    settings.fieldName = label
    text = QgsTextFormat()
    text.setFont(QFont("Noto Sans CJK SC"))
    text.setSize(9)
    text.setColor(QColor("black"))
    settings.setFormat(text)
    # A layer of points for names has each once; without one the layers themselves are named.
    points = [(name, QgsWkbTypes.PointGeometry) for name in names if name.endswith("-labels")]
    labels = []
    for name, kind in points or [(name, kind) for name in names for kind, _ in symbols()]:
        style = QgsVectorTileBasicLabelingStyle()
        style.setStyleName(f"{name} {kind}")
        style.setLayerName(name)
        style.setGeometryType(kind)
        style.setLabelSettings(settings)
        style.setEnabled(True)
        labels.append(style)
    labeling = QgsVectorTileBasicLabeling()
    labeling.setStyles(labels)
    layers.setLabeling(labeling)


def picture(layer, lon, lat, zoom, path):
    """Draws one place; returns the share of pixels that are not ground, the labels and the errors."""
    x = lon / 180 * EDGE
    y = math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)) / math.pi * EDGE
    pixel = 2 * EDGE / 512 / 2**zoom
    half = (SIZE[0] / 2 * pixel, SIZE[1] / 2 * pixel)
    extent = QgsRectangle(x - half[0], y - half[1], x + half[0], y + half[1])
    crs = QgsCoordinateReferenceSystem("EPSG:3857")
    return {"zoom": zoom, "picture": path} | draw(layer, crs, extent, SIZE, 96, path)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("archive")
    arguments.add_argument("--out", required=True)
    arguments.add_argument("--at", action="append", required=True, metavar="LON,LAT,ZOOM")
    arguments.add_argument("--label", metavar="ATTRIBUTE")
    options = arguments.parse_args()
    application = QgsApplication([], False)
    application.initQgis()
    archive = os.path.abspath(options.archive)
    if not os.path.isfile(archive):
        print(f"no such file: {archive}", file=sys.stderr)
        leave(2)
    layer = QgsVectorTileLayer(f"type=mbtiles&url={archive}", "tiles")
    if not layer.isValid():
        print(f"QGIS cannot open {archive}", file=sys.stderr)
        leave(2)
    told = sqlite3.connect(archive).execute("select value from metadata where name = 'json'").fetchone()
    names = [one["id"] for one in json.loads(told[0])["vector_layers"]]
    drawn(layer, names, options.label)
    os.makedirs(options.out, exist_ok=True)
    pictures = []
    for place in options.at:
        lon, lat, zoom = place.split(",")
        path = os.path.join(options.out, f"qgis-{zoom}.png")
        pictures.append(picture(layer, float(lon), float(lat), float(zoom), path))
    extent = layer.extent()
    print(json.dumps({
        "layers": names,
        "zooms": [layer.sourceMinZoom(), layer.sourceMaxZoom()],
        "crs": layer.crs().authid(),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "pictures": pictures,
    }, ensure_ascii=False))
    leave(0 if all(one["saved"] and not one["errors"] for one in pictures) else 2)


main()
