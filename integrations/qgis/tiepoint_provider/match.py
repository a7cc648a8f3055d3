"""Match: tie points as a layer, each with the ellipse of its error."""

import math

from osgeo import gdal
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsFeature,
    QgsFeatureSink,
    QgsField,
    QgsFields,
    QgsGeometry,
    QgsPointXY,
    QgsProcessing,
    QgsProcessingOutputNumber,
    QgsProcessingParameterFeatureSink,
    QgsWkbTypes,
)
from qgis.PyQt.QtCore import QVariant

from .algorithm import TiepointAlgorithm, say_warnings
from .command_line import run
from .styles import load_with, style_tie_points

FIELDS = (
    "sensed_x",
    "sensed_y",
    "reference_x",
    "reference_y",
    "cov_xx",
    "cov_xy",
    "cov_yy",
    "score",
    "semi_major",
    "semi_minor",
    "angle",
)


def ellipse(covariance, geotransform):
    """The axes (map units) and the angle (degrees clockwise from north) of the ellipse that holds 90 % of an error.

    :param covariance: (xx, xy, yy), px² of the reference
    """
    xx, xy, yy = covariance
    a, b, d, e = geotransform[1], geotransform[2], geotransform[4], geotransform[5]
    # The covariance on the map: J C Jᵀ.
    east = a * a * xx + 2 * a * b * xy + b * b * yy
    north = d * d * xx + 2 * d * e * xy + e * e * yy
    both = a * d * xx + (a * e + b * d) * xy + b * e * yy
    middle, half = (east + north) / 2, math.hypot((east - north) / 2, both)
    # 90 % of a two-dimensional normal distribution lie within this many standard deviations.
    within = math.sqrt(-2 * math.log(0.1))
    mathematical = 0.5 * math.atan2(2 * both, east - north)
    return (
        within * math.sqrt(max(0, middle + half)),
        within * math.sqrt(max(0, middle - half)),
        90 - math.degrees(mathematical),
    )


class MatchAlgorithm(TiepointAlgorithm):
    def name(self):
        return "match"

    def displayName(self):
        return "Find tie points"

    def shortHelpString(self):
        return (
            "Finds tie points between two images. Each has its covariance (px² of the reference) and is drawn with the ellipse "
            "that holds 90 % of its error, true to scale. Points that agree with no common transform are among them."
        )

    def initAlgorithm(self, config=None):
        self.add_images()
        self.add_matching_options()
        self.addParameter(QgsProcessingParameterFeatureSink("OUTPUT", "Tie points", QgsProcessing.TypeVectorPoint))
        self.addOutput(QgsProcessingOutputNumber("TIE_POINTS", "Number of tie points"))

    def processAlgorithm(self, parameters, context, feedback):
        reference, sensed = self.pair(parameters, context)
        document = run(["match", reference, sensed, *self.matching_words(parameters, context)], feedback)
        say_warnings(document, feedback)
        dataset = gdal.Open(reference if reference.startswith("/") or ":" not in reference[:6] else f"/vsicurl/{reference}")
        geotransform = dataset.GetGeoTransform()
        crs = QgsCoordinateReferenceSystem.fromWkt(dataset.GetProjection())
        fields = QgsFields()
        for name in FIELDS:
            fields.append(QgsField(name, QVariant.Double))
        sink, identifier = self.parameterAsSink(parameters, "OUTPUT", context, fields, QgsWkbTypes.Point, crs)
        for point in document["tiePoints"]:
            x, y = point["reference"]
            feature = QgsFeature(fields)
            # Rows of an image without a place grow downwards, as QGIS shows it.
            place = gdal.ApplyGeoTransform(geotransform, x, y)
            if geotransform == (0, 1, 0, 0, 0, 1):
                place = (x, -y)
            feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(*place)))
            axes = ellipse(point["covariance"], geotransform)
            feature.setAttributes([*point["sensed"], x, y, *point["covariance"], point["score"], *axes])
            sink.addFeature(feature, QgsFeatureSink.FastInsert)
        del sink
        load_with(context, identifier, style_tie_points())
        return {"OUTPUT": identifier, "TIE_POINTS": len(document["tiePoints"])}
