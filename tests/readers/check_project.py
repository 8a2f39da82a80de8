"""Opens a QGIS project as a user would and prints, as one JSON object, what that user gets.

    /usr/bin/python3 check_project.py ATLAS.qgz [--pages FOLDER]

Needs QGIS's own Python (Debian: python3-qgis). With --pages every print layout becomes a PNG of 100 dpi in FOLDER.

Exit status: 0 the project opened and was reported; 2 it did not open, or no QGIS.
"""

import argparse
import json
import os
import sys

from headless_qgis import leave
from qgis.core import (
    QgsApplication,
    QgsLayerTreeGroup,
    QgsLayoutExporter,
    QgsLayoutItemLabel,
    QgsLayoutItemLegend,
    QgsLayoutItemMap,
    QgsLayoutItemPicture,
    QgsLayoutItemScaleBar,
    QgsProject,
    QgsUnitTypes,
)


def tree(group):
    """Groups and layers below a group: [title, checked, children or layer id]."""
    rows = []
    for child in group.children():
        inner = tree(child) if isinstance(child, QgsLayerTreeGroup) else child.layerId()
        rows.append([child.name(), child.itemVisibilityChecked(), inner])
    return rows


def layer_report(layer):
    report = {"id": layer.id(), "name": layer.name(), "valid": layer.isValid(), "features": layer.featureCount()}
    if not layer.isSpatial():
        return report
    fields = layer.fields()
    renderer = layer.renderer()
    report |= {
        "crs": layer.crs().authid(),
        "source": layer.publicSource(),
        "renderer": renderer.type(),
        "labels": layer.labelsEnabled(),
        "aliases": {field.name(): layer.attributeAlias(at) for at, field in enumerate(fields)},
        "widgets": {field.name(): layer.editorWidgetSetup(at).type() for at, field in enumerate(fields)},
        "form": [page.name() for page in layer.editFormConfig().tabs()],
        "tip": layer.mapTipTemplate(),
    }
    kind = fields.indexOf("kind")
    if kind >= 0 and report["widgets"]["kind"] == "ValueMap":
        choices = layer.editorWidgetSetup(kind).config()["map"]
        report["kinds"] = {value: word for one in choices for word, value in one.items()}
    if renderer.type() == "categorizedSymbol":
        report["classes"] = [[one.value(), one.label()] for one in renderer.categories()]
    return report


def layout_report(layout, folder, number):
    report = {"name": layout.name(), "labels": [], "items": []}
    page = layout.pageCollection().page(0).pageSize()
    report["paper"] = [page.width(), page.height()]
    for item in layout.items():
        if isinstance(item, QgsLayoutItemMap):
            extent = item.extent()
            report["map"] = {
                "theme": item.followVisibilityPresetName(),
                "crs": item.crs().authid(),
                "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
                "scale": item.scale(),
            }
        elif isinstance(item, QgsLayoutItemLegend):
            report["legend"] = [one.layerId() for one in item.model().rootGroup().findLayers()]
            box = item.sceneBoundingRect()
            report["legend_box"] = [box.left(), box.top(), box.right(), box.bottom()]
        elif isinstance(item, QgsLayoutItemScaleBar):
            kilometres = item.units() == QgsUnitTypes.DistanceKilometers
            report["scale_bar"] = [item.unitsPerSegment() if kilometres else None, item.linkedMap() is not None]
        elif isinstance(item, QgsLayoutItemPicture):
            report["north"] = item.linkedMap() is not None
        elif isinstance(item, QgsLayoutItemLabel):
            report["labels"].append(item.text())
    if folder:
        settings = QgsLayoutExporter.ImageExportSettings()
        settings.dpi = 100
        path = os.path.join(folder, f"layout-{number}.png")
        report["exported"] = QgsLayoutExporter(layout).exportToImage(path, settings) == QgsLayoutExporter.Success
        report["picture"] = path
        for item in layout.items():
            if isinstance(item, QgsLayoutItemLegend):
                box = item.sceneBoundingRect()
                report["legend_box"] = [box.left(), box.top(), box.right(), box.bottom()]
    return report


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("project")
    arguments.add_argument("--pages", help="export the layouts into this folder")
    arguments = arguments.parse_args()
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    if not project.read(os.path.abspath(arguments.project)):
        print(f"{arguments.project} does not open: {project.error()}", file=sys.stderr)
        leave(2)
    themes = project.mapThemeCollection()
    view = project.viewSettings().defaultViewExtent()
    report = {
        "title": project.title(),
        "crs": project.crs().authid(),
        "tree": tree(project.layerTreeRoot()),
        "layers": [layer_report(layer) for layer in project.mapLayers().values()],
        "themes": {name: themes.mapThemeVisibleLayerIds(name) for name in themes.mapThemes()},
        "bookmarks": [one.name() for one in project.bookmarkManager().bookmarks()],
        "view": [view.xMinimum(), view.yMinimum(), view.xMaximum(), view.yMaximum()],
        "layouts": [
            layout_report(layout, arguments.pages, number)
            for number, layout in enumerate(sorted(project.layoutManager().printLayouts(), key=lambda one: one.name()))
        ],
    }
    print(json.dumps(report, ensure_ascii=False))
    leave(0)


main()
