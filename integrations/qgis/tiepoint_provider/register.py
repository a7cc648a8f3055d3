"""Register: lays the sensed image on the reference."""

from qgis.core import (
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterRasterDestination,
)

from .algorithm import RESAMPLINGS, TiepointAlgorithm, say_warnings
from .command_line import run
from .styles import load_with, style_registered

FILES = (("SOLUTION", "Solution, for Warp", "JSON (*.json)"), ("REPORT", "Report", "HTML (*.html)"))


class RegisterAlgorithm(TiepointAlgorithm):
    def name(self):
        return "register"

    def displayName(self):
        return "Register an image to another"

    def shortHelpString(self):
        return (
            "Lays the sensed image on the grid of the reference image, whatever their sensors, and says how far the answer may "
            "be trusted. Where the agreement could be chance it refuses, and nothing is written.\n\n"
            "Outputs: the registered image, whose metadata hold verdict, CE90 and predicted deviation; a solution for other "
            "bands and products; a report."
        )

    def initAlgorithm(self, config=None):
        self.add_images()
        self.add_matching_options()
        self.addParameter(QgsProcessingParameterEnum("RESAMPLING", "Resampling", RESAMPLINGS, defaultValue=0))
        self.addParameter(QgsProcessingParameterRasterDestination("OUTPUT", "Registered"))
        for name, title, kind in FILES:
            self.addParameter(QgsProcessingParameterFileDestination(name, title, kind, optional=True, createByDefault=False))
        self.addOutput(QgsProcessingOutputString("VERDICT", "Verdict"))
        for name, title in (
            ("CONFIDENCE", "Confidence"),
            ("CE90", "CE90, px of the reference"),
            ("CE90_METRES", "CE90, metres"),
            ("PREDICTED_SD", "Predicted standard deviation, px of the reference"),
            ("INLIERS", "Tie points that agree"),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def processAlgorithm(self, parameters, context, feedback):
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        words = ["register", *self.pair(parameters, context), output, "--overwrite"]
        words += self.matching_words(parameters, context)
        words += ["-r", RESAMPLINGS[self.parameterAsEnum(parameters, "RESAMPLING", context)]]
        results = {"OUTPUT": output}
        for name, _, _ in FILES:
            path = self.parameterAsFileOutput(parameters, name, context)
            if path:
                words += [f"--{name.lower()}", path]
                results[name] = path
        document = run(words, feedback)
        say_warnings(document, feedback)
        reasons = "\n".join(document["reasons"])
        if document["verdict"] == "refuse":
            raise QgsProcessingException(f"Refused, and no image was written:\n{reasons}")
        feedback.pushInfo(f"{document['verdict']}: {reasons}")
        if document["verdict"] == "warn":
            feedback.pushWarning(reasons)
        accuracy = document["accuracy"]
        load_with(context, output, style_registered(document))
        return {
            **results,
            "VERDICT": document["verdict"],
            "CONFIDENCE": document["confidence"],
            "CE90": accuracy["ce90"],
            "CE90_METRES": accuracy.get("ce90Metres"),
            "PREDICTED_SD": accuracy["predictedSd"],
            "INLIERS": document["inliers"],
        }
