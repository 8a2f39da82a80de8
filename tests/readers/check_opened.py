"""Opens files as layers in QGIS and prints, as one JSON object a line, what is in them: check_opened.py FILE…

A file that begins with `file://` is a table of text. Needs QGIS's own Python (Debian: python3-qgis).
"""

import json
import sys

from headless_qgis import leave
from qgis.core import QgsApplication, QgsVectorLayer, QgsWkbTypes

application = QgsApplication([], False)
application.initQgis()
for file in sys.argv[1:]:
    layer = QgsVectorLayer(file, "layer", "delimitedtext" if file.startswith("file://") else "ogr")
    report = {"valid": layer.isValid()}
    if layer.isValid():
        features = list(layer.getFeatures())
        extent = layer.extent()
        report |= {
            "features": len(features),
            "geometries": sum(one.hasGeometry() for one in features),
            "geometry": QgsWkbTypes.geometryDisplayString(layer.geometryType()),
            "fields": [field.name() for field in layer.fields()],
            "crs": layer.crs().authid(),
            "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
        }
    print(json.dumps(report, ensure_ascii=False))
leave(0)
