"""QGIS without a screen, for the scripts beside this one that look at files as its user would. Import it before qgis.core."""

import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="headless-qgis-"))


def leave(status):
    """Ends at once: tearing QGIS down can crash after the answer is known."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


try:
    from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor
except ImportError as missing:
    print(f"no QGIS for this Python: {missing}", file=sys.stderr)
    leave(2)


def draw(layer, crs, extent, size, dpi, path):
    """Draws a layer with its labels on white; returns whether that was saved, the share of pixels that are not ground, the labels
    placed and the errors."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(crs)
    settings.setOutputSize(QSize(*size))
    settings.setOutputDpi(dpi)
    settings.setBackgroundColor(QColor("white"))
    settings.setExtent(extent)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    saved = image.save(path)
    white = QColor("white").rgb()
    width, height = 256, 256 * size[1] // size[0]
    small = image.scaled(QSize(width, height))
    inked = sum(small.pixel(x, y) != white for x in range(width) for y in range(height))
    placed = job.takeLabelingResults()
    names = [one.labelText for one in placed.labelsWithinRect(settings.visibleExtent())] if placed else []
    return {
        "saved": saved,
        "ink": round(inked / (width * height), 4),
        "labels": sorted(names),
        "errors": [one.message for one in job.errors()],
    }
