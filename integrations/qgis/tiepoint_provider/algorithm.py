"""What all algorithms share: finding the command, the two images, the options of matching."""

import os

from qgis.core import (
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterEnum,
    QgsProcessingParameterNumber,
    QgsProcessingParameterRasterLayer,
)

from .command_line import HOW_TO_GET_IT, find_command

METHODS = ["auto", "keypoints", "grid", "uss2020"]
MODELS = ["auto", "translation", "similarity", "affine", "projective", "polynomial2", "polynomial3", "tps", "bspline"]
RESAMPLINGS = ["bilinear", "nearest", "cubic", "cubicspline", "lanczos", "average", "mode"]


class TiepointAlgorithm(QgsProcessingAlgorithm):
    """An algorithm that calls one command."""

    REFERENCE = "REFERENCE"
    SENSED = "SENSED"

    def createInstance(self):
        return type(self)()

    def canExecute(self):
        found = find_command() is not None
        return found, "" if found else HOW_TO_GET_IT

    def helpUrl(self):
        return "https://github.com/tiepoint/tiepoint"

    def add_images(self):
        """The two images."""
        self.addParameter(QgsProcessingParameterRasterLayer(self.REFERENCE, "Reference image (stays)"))
        self.addParameter(QgsProcessingParameterRasterLayer(self.SENSED, "Sensed image"))

    def add_matching_options(self):
        """How correspondences are sought."""
        self.addParameter(QgsProcessingParameterEnum("MODEL", "Model", MODELS, defaultValue=0, usesStaticStrings=False))
        self.advanced(QgsProcessingParameterEnum("METHOD", "Method", METHODS, defaultValue=0))
        whole = QgsProcessingParameterNumber.Integer
        self.advanced(QgsProcessingParameterNumber("BAND", "Band of the sensed image", whole, optional=True, minValue=1))
        self.advanced(
            QgsProcessingParameterNumber("REFERENCE_BAND", "Band of the reference image", whole, optional=True, minValue=1)
        )
        self.advanced(
            QgsProcessingParameterNumber(
                "SEARCH_RADIUS", "How far to search, pixels of the reference", optional=True, minValue=1
            )
        )
        self.advanced(QgsProcessingParameterBoolean("GEOREFERENCE", "Start from where the files say they lie", True))
        self.advanced(QgsProcessingParameterNumber("SEED", "Seed of the random sampling", whole, defaultValue=0))

    def advanced(self, parameter):
        """Adds a parameter that is folded away."""
        parameter.setFlags(parameter.flags() | QgsProcessingParameterDefinition.FlagAdvanced)
        self.addParameter(parameter)

    def image(self, parameters, name, context):
        """The path or URL of a raster layer, as the command line reads it.

        :raises QgsProcessingException: for layers that are no files
        """
        layer = self.parameterAsRasterLayer(parameters, name, context)
        if layer is None:
            raise QgsProcessingException(self.invalidRasterError(parameters, name))
        source = layer.source().split("|")[0].replace("/vsicurl/", "")
        if layer.providerType() != "gdal" or not (os.path.isfile(source) or source.startswith(("http://", "https://"))):
            raise QgsProcessingException(
                f"{layer.name()} is not a file that tiepoint reads ({source}). Export it as GeoTIFF first."
            )
        return source

    def pair(self, parameters, context):
        """The words that name the two images."""
        return [self.image(parameters, self.REFERENCE, context), self.image(parameters, self.SENSED, context)]

    def matching_words(self, parameters, context):
        """The options of matching as words of the command line."""
        words = ["--model", MODELS[self.parameterAsEnum(parameters, "MODEL", context)]]
        words += ["--method", METHODS[self.parameterAsEnum(parameters, "METHOD", context)]]
        words += ["--seed", str(self.parameterAsInt(parameters, "SEED", context))]
        for name, flag in (("BAND", "--band"), ("REFERENCE_BAND", "--reference-band")):
            if parameters.get(name) is not None:
                words += [flag, str(self.parameterAsInt(parameters, name, context))]
        if parameters.get("SEARCH_RADIUS") is not None:
            words += ["--search-radius", str(self.parameterAsDouble(parameters, "SEARCH_RADIUS", context))]
        if not self.parameterAsBoolean(parameters, "GEOREFERENCE", context):
            words.append("--no-georeference")
        return words


def say_warnings(document, feedback):
    """What was degraded on the way."""
    for warning in document.get("warnings", []):
        feedback.pushWarning(warning)
