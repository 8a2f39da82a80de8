"""Opens GeoJSON files as a QGIS user would and prints, as one JSON object a line, what that user gets.

    /usr/bin/python3 check_qgis.py LAYER.geojson… [--picture OUT.png]

Needs QGIS's own Python (Debian: python3-qgis). The style is never loaded by hand: what is reported as renderer, labels
and aliases came from the .qml beside the file, as in the application.

Exit status: 0 all files opened and were reported; 2 one did not open, or no QGIS.
"""

import argparse
import collections
import json
import os
import sys

from headless_qgis import draw, leave
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes


def symbol_classes(symbol):
    """Class names of a symbol's layers, those of inner symbols in brackets."""
    names = []
    for layer in symbol.symbolLayers():
        inner = layer.subSymbol()
        names.append(layer.layerType() + (str(symbol_classes(inner)) if inner else ""))
    return names


def renderer_report(layer):
    renderer = layer.renderer()
    report = {"type": renderer.type()}
    if renderer.type() == "categorizedSymbol":
        report["field"] = renderer.classAttribute()
        report["classes"] = [
            {"value": one.value(), "label": one.label(), "layers": symbol_classes(one.symbol())}
            for one in renderer.categories()
        ]
    elif renderer.type() == "singleSymbol":
        report["classes"] = [{"value": None, "label": None, "layers": symbol_classes(renderer.symbol())}]
    return report


def undrawn(layer):
    """Ids of features that no class draws."""
    renderer = layer.renderer()
    if renderer.type() != "categorizedSymbol":
        return []
    known = {str(one.value()) for one in renderer.categories() if one.renderState()}
    return [one["id"] for one in layer.getFeatures() if str(one[renderer.classAttribute()]) not in known]


def label_report(layer):
    if not layer.labelsEnabled():
        return {"enabled": False}
    settings = layer.labeling().settings()
    text = settings.format()
    return {
        "enabled": True,
        "field": settings.fieldName,
        "expression": settings.isExpression,
        "font": text.font().family(),
        "fallbacks": list(text.families()),
        "size": text.size(),
        "halo": text.buffer().enabled(),
    }


def picture(layer, path):
    """Draws the layer with its labels; returns the share of pixels that are not ground, and labels placed."""
    extent = layer.extent()
    extent.grow(max(extent.width(), extent.height(), 0.01) * 0.08)
    drawn = draw(layer, layer.crs(), extent, (1400, 1000), 120, path)
    return {"ink": drawn["ink"], "labels": sorted(set(drawn["labels"])), "errors": drawn["errors"]}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("files", nargs="+")
    arguments.add_argument("--picture", help="draw the last to this PNG")
    options = arguments.parse_args()

    application = QgsApplication([], False)
    application.initQgis()
    for file in options.files:
        picture_path = options.picture if file == options.files[-1] else None
        print(json.dumps(reported(file, picture_path), ensure_ascii=False, default=str))
    leave(0)


def reported(file, picture_path):
    """What QGIS makes of a file."""
    if not os.path.isfile(file):
        print(f"no such file: {file}", file=sys.stderr)
        leave(2)
    layer = QgsVectorLayer(os.path.abspath(file), "layer", "ogr")
    if not layer.isValid():
        print(f"QGIS cannot open {file}", file=sys.stderr)
        leave(2)

    features = list(layer.getFeatures())
    sublayers = layer.dataProvider().subLayers()
    extent = layer.extent()
    report = {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "sublayers": len(sublayers),
        "count": len(features),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        "fields": [
            {"name": field.name(), "type": field.typeName(), "alias": layer.attributeAlias(index)}
            for index, field in enumerate(layer.fields())
        ],
        "renderer": renderer_report(layer),
        "undrawn": undrawn(layer),
        "labels": label_report(layer),
        "display": layer.displayExpression(),
        "map_tip": bool(layer.mapTipTemplate()),
        "no_geometry": [one["id"] for one in features if not one.hasGeometry()],
        "invalid": [
            {"id": one["id"], "why": [error.what() for error in one.geometry().validateGeometry()]}
            for one in features
            if one.hasGeometry() and not one.geometry().isGeosValid()
        ],
        "ids": [one["id"] for one in features],
        "repeated_ids": sorted(one for one, count in collections.Counter(one["id"] for one in features).items() if count > 1),
    }
    if picture_path:
        report["picture"] = picture(layer, picture_path)
    return report


main()
