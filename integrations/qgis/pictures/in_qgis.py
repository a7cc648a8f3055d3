"""Run by ``qgis --code``: opens Register's dialog, fills it, runs it, then matches, and saves what the screen shows."""

import os
import traceback

import processing
from qgis.core import QgsApplication, QgsProject
from qgis.PyQt.QtCore import QTimer
from qgis.PyQt.QtWidgets import QDockWidget
from qgis.utils import iface

folder = os.environ["PICTURES"]
project = QgsProject.instance()
# Python's reference keeps the dialog open.
shown = []


def take(name):
    """The whole screen, as dialogs are windows of their own."""
    if not QgsApplication.primaryScreen().grabWindow(0).save(os.path.join(folder, f"{name}.png")):
        raise RuntimeError(f"{name}.png cannot be written")


def step(wait, action):
    """Does the next thing when the screen had time to settle, ms; an error ends QGIS."""

    def guarded():
        try:
            action()
        except Exception:
            with open(os.path.join(folder, "failed"), "w", encoding="utf-8") as file:
                file.write(traceback.format_exc())
            os._exit(1)

    QTimer.singleShot(wait, guarded)


def layer(name):
    return project.mapLayersByName(name)[0]


def open_dialog():
    iface.mainWindow().setGeometry(QgsApplication.primaryScreen().geometry())
    iface.mainWindow().findChild(QDockWidget, "Browser").hide()
    project.layerTreeRoot().findLayer(layer("elevation")).setItemVisibilityChecked(False)
    project.setCrs(layer("optical").crs())
    iface.setActiveLayer(layer("optical"))
    iface.zoomToActiveLayer()
    images = {"REFERENCE": layer("optical").id(), "SENSED": layer("elevation").id()}
    dialog = processing.createAlgorithmDialog("tiepoint:register", {**images, "OUTPUT": os.path.join(folder, "registered.tif")})
    dialog.setGeometry(300, 110, 760, 600)
    dialog.show()
    shown.append(dialog)
    step(4000, press_run)


def press_run():
    take("dialog")
    shown[0].runButton().click()
    step(500, wait_for_result)


def wait_for_result():
    if not project.mapLayersByName("registered"):
        return step(500, wait_for_result)
    result = layer("registered")
    if not 0.5 < result.opacity() < 0.7 or "Verdict: accept" not in result.metadata().abstract():
        raise RuntimeError(f"opacity {result.opacity()}, {result.metadata().abstract()}: the style was not applied")
    shown[0].close()
    iface.setActiveLayer(result)
    iface.zoomToActiveLayer()
    return step(4000, match)


def match():
    iface.messageBar().clearWidgets()
    images = {"REFERENCE": layer("optical").id(), "SENSED": layer("elevation").id()}
    processing.runAndLoadResults("tiepoint:match", {**images, "OUTPUT": os.path.join(folder, "points.gpkg")})
    canvas = iface.mapCanvas()
    canvas.zoomByFactor(0.4)
    step(4000, finish)


def finish():
    take("tie-points")
    os._exit(0)


step(5000, open_dialog)
