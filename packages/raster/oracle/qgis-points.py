"""Opens an image in QGIS's georeferencer, which loads the .points beside it, and lets it save them again.

Run by `qgis --code`, which hands over nothing: IMAGE, SAVED and ANSWER are environment variables. ANSWER gets
{"version", "table": [[enabled, sourceX, sourceY, mapX, mapY]], "extent": [left, bottom, right, top]}.
"""

import json
import os

from qgis.core import Qgis
from qgis.gui import QgsMapCanvas
from qgis.PyQt.QtCore import QMetaObject, Q_ARG, Qt, QTimer
from qgis.PyQt.QtWidgets import QAction, QApplication, QDialog, QFileDialog, QTableView
from qgis.utils import iface


def window():
    return next(w for w in QApplication.topLevelWidgets() if "Georef" in w.metaObject().className())


def answer_dialogs():
    for dialog in QApplication.topLevelWidgets():
        if not isinstance(dialog, QDialog) or not dialog.isVisible():
            continue
        saving = isinstance(dialog, QFileDialog)
        if saving:
            dialog.selectFile(os.environ["SAVED"])
        QMetaObject.invokeMethod(dialog, "accept" if saving else "reject", Qt.QueuedConnection)


def read():
    view = next(v for v in window().findChildren(QTableView) if "GCPList" in v.metaObject().className())
    model = view.model()
    texts = [[model.data(model.index(row, column)) for column in range(2, 6)] for row in range(model.rowCount())]
    checks = [model.data(model.index(row, 0), Qt.CheckStateRole) for row in range(model.rowCount())]
    extent = next(layer for canvas in window().findChildren(QgsMapCanvas) for layer in canvas.layers()).extent()
    answer = {
        "version": Qgis.QGIS_VERSION,
        "table": [[int(check) > 0, *map(float, row)] for check, row in zip(checks, texts)],
        "extent": [extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()],
    }
    QMetaObject.invokeMethod(window(), "saveGCPsDialog", Qt.DirectConnection)
    with open(os.environ["ANSWER"], "w") as file:
        json.dump(answer, file)
    # QGIS would ask whether to keep the project.
    os._exit(0)


def begin():
    next(a for a in iface.mainWindow().findChildren(QAction) if a.objectName() == "mActionShowGeoreferencer").trigger()
    window().show()
    timer = QTimer(window())
    timer.timeout.connect(answer_dialogs)
    timer.start(300)
    QMetaObject.invokeMethod(window(), "openRaster", Qt.DirectConnection, Q_ARG("QString", os.environ["IMAGE"]))
    QTimer.singleShot(1500, read)


QTimer.singleShot(2000, begin)
