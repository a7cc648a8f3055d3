"""Assess: how far an image lies from where it belongs."""

from qgis.core import (
    QgsProcessingException,
    QgsProcessingOutputNumber,
    QgsProcessingOutputString,
    QgsProcessingParameterFileDestination,
    QgsProcessingParameterVectorDestination,
)

from .algorithm import TiepointAlgorithm, say_warnings
from .command_line import run
from .styles import load_with, style_displacements


class AssessAlgorithm(TiepointAlgorithm):
    def name(self):
        return "assess"

    def displayName(self):
        return "Assess how far an image is off"

    def shortHelpString(self):
        return (
            "Measures how far the sensed image lies from where it belongs, as the files place it; changes nothing. "
            "Displacements are lines from where a thing belongs to where it is shown."
        )

    def initAlgorithm(self, config=None):
        self.add_images()
        self.add_matching_options()
        self.addParameter(QgsProcessingParameterVectorDestination("OUTPUT", "Displacements"))
        self.addParameter(
            QgsProcessingParameterFileDestination("REPORT", "Report", "HTML (*.html)", optional=True, createByDefault=False)
        )
        self.addOutput(QgsProcessingOutputString("VERDICT", "Verdict"))
        for name, title in (
            ("MEAN_X", "Mean displacement along x, px"),
            ("MEAN_Y", "Mean displacement along y, px"),
            ("RMSE", "Root mean square displacement, px"),
            ("CE90", "CE90, px of the reference"),
            ("CE90_METRES", "CE90, metres"),
        ):
            self.addOutput(QgsProcessingOutputNumber(name, title))

    def defaultFileExtension(self):
        return "geojson"

    def processAlgorithm(self, parameters, context, feedback):
        output = self.parameterAsOutputLayer(parameters, "OUTPUT", context)
        if not output.lower().endswith(".geojson"):
            raise QgsProcessingException(f"{output}: displacements are written as GeoJSON. Give a name that ends with .geojson.")
        words = ["assess", *self.pair(parameters, context), "--vectors", output, "--overwrite"]
        words += self.matching_words(parameters, context)
        report = self.parameterAsFileOutput(parameters, "REPORT", context)
        if report:
            words += ["--report", report]
        document = run(words, feedback)
        say_warnings(document, feedback)
        left = document["misregistration"]
        if left is None:
            raise QgsProcessingException("Nothing could be measured:\n" + "\n".join(document["reasons"]))
        load_with(context, output, style_displacements())
        return {
            "OUTPUT": output,
            **({"REPORT": report} if report else {}),
            "VERDICT": document["verdict"],
            "MEAN_X": left["meanX"],
            "MEAN_Y": left["meanY"],
            "RMSE": left["rmse"],
            "CE90": left["ce90"],
            "CE90_METRES": left.get("ce90Metres"),
        }
