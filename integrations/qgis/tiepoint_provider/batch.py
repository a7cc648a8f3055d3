"""Batch: many images to one reference, or the pairs of a manifest."""

import os

from qgis.core import (
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingOutputHtml,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterMultipleLayers,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from .algorithm import TiepointAlgorithm
from .command_line import run


class BatchAlgorithm(TiepointAlgorithm):
    def name(self):
        return "batch"

    def displayName(self):
        return "Register many images"

    def shortHelpString(self):
        return (
            "Registers many images to one reference, or the pairs of a manifest (CSV, JSON lines, STAC). What is done stays "
            "done: the same folder again goes on where the last run ended. The summary shows every pair."
        )

    def initAlgorithm(self, config=None):
        self.addParameter(QgsProcessingParameterRasterLayer(self.REFERENCE, "Reference image (stays)", optional=True))
        self.addParameter(
            QgsProcessingParameterMultipleLayers("IMAGES", "Images to register", QgsProcessing.TypeRaster, optional=True)
        )
        self.addParameter(QgsProcessingParameterFile("MANIFEST", "Or a manifest of pairs", optional=True))
        jobs = QgsProcessingParameterNumber("JOBS", "Pairs at once (default: by cores)", optional=True, minValue=1)
        self.advanced(jobs)
        self.addParameter(QgsProcessingParameterFolderDestination("OUTPUT", "Folder for registered images"))
        self.addOutput(QgsProcessingOutputHtml("SUMMARY", "Summary"))

    def processAlgorithm(self, parameters, context, feedback):
        folder = self.parameterAsString(parameters, "OUTPUT", context)
        os.makedirs(folder, exist_ok=True)
        summary = os.path.join(folder, "index.html")
        manifest = self.parameterAsFile(parameters, "MANIFEST", context)
        layers = self.parameterAsLayerList(parameters, "IMAGES", context) or []
        if manifest:
            words = ["batch", manifest]
        elif layers and parameters.get(self.REFERENCE) is not None:
            reference = self.image(parameters, self.REFERENCE, context)
            words = ["batch", *[layer.source().split("|")[0] for layer in layers], "--reference", reference]
        else:
            raise QgsProcessingException("Name a manifest, or a reference and the images to register to it.")
        words += ["--output-folder", folder, "--summary", summary]
        if parameters.get("JOBS") is not None:
            words += ["--jobs", str(self.parameterAsInt(parameters, "JOBS", context))]
        # 4 and 5: some were refused or have a warning, which the summary shows.
        run(words, feedback, answers=False, allowed=(0, 4, 5))
        return {"OUTPUT": folder, "SUMMARY": summary}
