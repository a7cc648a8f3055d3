"""Warp: applies a stored solution to another band or product."""

from qgis.core import (
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterDestination,
    QgsProcessingParameterRasterLayer,
)

from .algorithm import RESAMPLINGS, TiepointAlgorithm
from .command_line import run


class WarpAlgorithm(TiepointAlgorithm):
    def name(self):
        return "warp"

    def displayName(self):
        return "Warp by a stored solution"

    def shortHelpString(self):
        return "Applies a solution of Register to the same image, or to any other band or product of the same scene."

    def initAlgorithm(self, config=None):
        self.addParameter(QgsProcessingParameterRasterLayer(self.SENSED, "Image to be warped"))
        self.addParameter(QgsProcessingParameterFile("SOLUTION", "Solution", extension="json"))
        self.addParameter(
            QgsProcessingParameterRasterLayer(self.REFERENCE, "Grid (default: the reference of the solution)", optional=True)
        )
        self.addParameter(QgsProcessingParameterEnum("RESAMPLING", "Resampling", RESAMPLINGS, defaultValue=0))
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", "Warped"))

    def processAlgorithm(self, parameters, context, feedback):
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        words = ["warp", self.image(parameters, self.SENSED, context), output, "--overwrite"]
        words += ["--solution", self.parameterAsFile(parameters, "SOLUTION", context)]
        words += ["-r", RESAMPLINGS[self.parameterAsEnum(parameters, "RESAMPLING", context)]]
        if parameters.get(self.REFERENCE) is not None:
            words += ["--reference", self.image(parameters, self.REFERENCE, context)]
        run(words, feedback, answers=False)
        return {"OUTPUT": output}
