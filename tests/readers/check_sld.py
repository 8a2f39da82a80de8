"""Loads the .sld beside each GeoJSON file as QGIS does and prints one JSON object a file: what it draws, and what the .qml does.

    /usr/bin/python3 check_sld.py LAYER.geojson…

Needs QGIS's own Python (Debian: python3-qgis).

Exit status: 0 all styles were read; 2 one was not, or no QGIS.
"""

import json
import sys

from headless_qgis import leave
from qgis.core import QgsApplication, QgsRenderContext, QgsVectorLayer


def undrawn(layer):
    """How many features no rule draws."""
    context = QgsRenderContext()
    context.setExpressionContext(layer.createExpressionContext())
    renderer = layer.renderer().clone()
    renderer.startRender(context, layer.fields())
    count = 0
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        count += not renderer.willRenderFeature(feature, context)
    renderer.stopRender(context)
    return count


def dashes(symbol):
    """The dashes of the lines of a symbol, in widths of the line."""
    found = []
    for one in symbol.symbolLayers():
        if one.layerType() == "SimpleLine" and one.useCustomDashPattern():
            found.append([round(length / one.width(), 1) for length in one.customDashVector()])
    return found


def dashes_by_class(renderer):
    """The same for each class, by its label."""
    if renderer.type() == "categorizedSymbol":
        return {one.label(): dashes(one.symbol()) for one in renderer.categories()}
    if renderer.type() == "RuleRenderer":
        rules = [rule for rule in renderer.rootRule().descendants() if rule.symbol() is not None]
        return {rule.label(): dashes(rule.symbol()) for rule in rules}
    return {}


def main():
    application = QgsApplication([], False)
    application.initQgis()
    for path in sys.argv[1:]:
        layer = QgsVectorLayer(path, "layer", "ogr")
        if not layer.isValid():
            print(f"{path} does not open", file=sys.stderr)
            leave(2)
        of_qml = layer.renderer()
        classes = len(of_qml.categories()) if of_qml.type() == "categorizedSymbol" else 1
        labels_of_qml = layer.labelsEnabled()
        dashes_of_qml = dashes_by_class(of_qml)
        message, read = layer.loadSldStyle(path.removesuffix(".geojson") + ".sld")
        if not read:
            print(f"{path}: {message}", file=sys.stderr)
            leave(2)
        renderer = layer.renderer()
        rules = 1
        if renderer.type() == "RuleRenderer":
            rules = sum(rule.symbol() is not None for rule in renderer.rootRule().descendants())
        print(json.dumps({
            "path": path, "renderer": renderer.type(), "rules": rules, "classes": classes, "undrawn": undrawn(layer),
            "labels": layer.labelsEnabled(), "labels_of_qml": labels_of_qml,
            "dashes": dashes_by_class(renderer), "dashes_of_qml": dashes_of_qml,
        }, ensure_ascii=False))
    leave(0)


main()
