"""Runs the provider's algorithms by qgis_process, and its dialogues' parts in this process, on rasters made here."""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np  # noqa: E402
from osgeo import gdal, osr
from qgis.core import (
    QgsApplication,
    QgsMapRendererCustomPainterJob,
    QgsMapSettings,
    QgsProcessingContext,
    QgsProcessingException,
    QgsProcessingFeedback,
    QgsProject,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QImage, QPainter

plugins = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(plugins))
# Debian's wrapper adds an option that qgis_process does not know.
QGIS_PROCESS = shutil.which("qgis_process.bin") or shutil.which("qgis_process")
holder = tempfile.TemporaryDirectory()
folder = Path(holder.name)
environment = {**os.environ, "QGIS_PLUGINPATH": str(plugins), "HOME": str(folder), "QT_QPA_PLATFORM": "offscreen"}


def at(name):
    return str(folder / name)


def write(name, array):
    height, width = array.shape
    dataset = gdal.GetDriverByName("GTiff").Create(at(name), width, height, 1, gdal.GDT_Float32)
    dataset.SetGeoTransform((500_000, 10, 0, 4_600_000, 0, -10))
    system = osr.SpatialReference()
    system.ImportFromEPSG(32633)
    dataset.SetProjection(system.ExportToWkt())
    dataset.GetRasterBand(1).WriteArray(array)
    dataset.FlushCache()


def scene(side, seed):
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side]
    image = np.full((side, side), 128.0)
    for _ in range(150):
        cx, cy = random.uniform(0, side, 2)
        image += random.normal() * 40 * np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / random.uniform(2, 12) ** 2))
    return image


def qgis_process(*words, env=environment):
    return subprocess.run([QGIS_PROCESS, *words], capture_output=True, text=True, env=env, check=False)


def run(algorithm, env=environment, **parameters):
    """What an algorithm returned; its log where it failed."""
    named = [f"{name}={value}" for name, value in parameters.items()]
    ended = qgis_process("--json", "run", f"tiepoint:{algorithm}", "--", *named, env=env)
    try:
        document = json.loads(ended.stdout)
    except ValueError:
        document = {}
    return ended.returncode, document.get("results", {}), ended.stdout + ended.stderr


def setUpModule():
    whole = scene(232, 5)
    write("reference.tif", whole[:224, :224])
    write("sensed.tif", 300 - whole[3:227, 4:228])
    write("other.tif", scene(224, 99))
    qgis_process("plugins", "enable", "tiepoint_provider")


def tearDownModule():
    holder.cleanup()


PAIR = {"REFERENCE": at("reference.tif"), "SENSED": at("sensed.tif")}


class ByQgisProcess(unittest.TestCase):
    def test_lists_the_algorithms(self):
        listed = qgis_process("--json", "list").stdout
        algorithms = json.loads(listed)["providers"]["tiepoint"]["algorithms"]
        self.assertEqual(
            sorted(algorithms), [f"tiepoint:{name}" for name in ("assess", "batch", "match", "register", "warp")]
        )

    def test_registers_and_warps_by_the_solution(self):
        status, results, log = run("register", **PAIR, OUTPUT=at("out.tif"), SOLUTION=at("s.json"), REPORT=at("r.html"))
        self.assertEqual(status, 0, log)
        self.assertEqual(results["VERDICT"], "accept")
        self.assertLess(results["CE90"], 2)
        self.assertAlmostEqual(results["CE90_METRES"] / results["CE90"], 10, places=1)
        out = gdal.Open(at("out.tif"))
        self.assertEqual(out.GetMetadataItem("TIEPOINT_VERDICT"), "accept")
        self.assertIn("<html", Path(at("r.html")).read_text())
        status, _, log = run("warp", SENSED=at("sensed.tif"), SOLUTION=at("s.json"), OUTPUT=at("again.tif"))
        self.assertEqual(status, 0, log)
        np.testing.assert_array_equal(gdal.Open(at("again.tif")).ReadAsArray(), out.ReadAsArray())

    def test_refusal_says_why_and_writes_nothing(self):
        status, _, log = run(
            "register", REFERENCE=at("reference.tif"), SENSED=at("other.tif"), METHOD=2, OUTPUT=at("refused.tif")
        )
        self.assertNotEqual(status, 0)
        self.assertIn("Refused, and no image was written", log)
        self.assertFalse(os.path.exists(at("refused.tif")))

    def test_errors_have_the_hint_of_the_command_line(self):
        Path(at("broken.json")).write_text("{}")
        status, _, log = run("warp", SENSED=at("sensed.tif"), SOLUTION=at("broken.json"), OUTPUT=at("no.tif"))
        self.assertNotEqual(status, 0)
        self.assertIn("solution-invalid", log)
        status, _, log = run("register", REFERENCE=at("absent.tif"), SENSED=at("sensed.tif"), OUTPUT=at("no.tif"))
        self.assertNotEqual(status, 0)
        self.assertIn("REFERENCE", log)

    def test_matches_with_covariance_and_ellipses(self):
        status, results, log = run("match", **PAIR, OUTPUT=at("points.gpkg"))
        self.assertEqual(status, 0, log)
        layer = QgsVectorLayer(at("points.gpkg"), "points", "ogr")
        self.assertEqual(layer.featureCount(), results["TIE_POINTS"])
        self.assertGreater(layer.featureCount(), 8)
        self.assertEqual(layer.crs().authid(), "EPSG:32633")
        for feature in layer.getFeatures():
            place = feature.geometry().asPoint()
            self.assertAlmostEqual(place.x(), 500_000 + 10 * feature["reference_x"], places=3)
            self.assertAlmostEqual(place.y(), 4_600_000 - 10 * feature["reference_y"], places=3)
            determinant = feature["cov_xx"] * feature["cov_yy"] - feature["cov_xy"] ** 2
            # An ellipse's axes multiply to the root of the determinant, times the scale for 90 %, in metres.
            due = 100 * 2 * math.log(10) * math.sqrt(determinant)
            self.assertAlmostEqual(feature["semi_major"] * feature["semi_minor"] / due, 1, places=5)

    def test_assesses(self):
        status, results, log = run("assess", **PAIR, OUTPUT=at("displacements.geojson"))
        self.assertEqual(status, 0, log)
        self.assertAlmostEqual(math.hypot(results["MEAN_X"], results["MEAN_Y"]), 5, delta=0.5)
        self.assertGreater(QgsVectorLayer(at("displacements.geojson"), "d", "ogr").featureCount(), 8)

    def test_registers_many(self):
        Path(at("pairs.csv")).write_text("reference,sensed\nreference.tif,sensed.tif\n")
        status, results, log = run("batch", MANIFEST=at("pairs.csv"), OUTPUT=at("many"), JOBS=1)
        self.assertEqual(status, 0, log)
        self.assertIn("<html", Path(results["SUMMARY"]).read_text())
        self.assertEqual([name for name in os.listdir(at("many")) if name.endswith(".tif")], ["sensed-registered.tif"])

    def test_says_how_to_get_the_command(self):
        env = {**environment, "TIEPOINT_COMMAND": "no-such-command"}
        status, _, log = run("register", env=env, **PAIR, OUTPUT=at("no.tif"))
        self.assertNotEqual(status, 0)
        self.assertIn("npm install --global tiepoint", log)


class InThisProcess(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.application = QgsApplication([], False)
        cls.application.initQgis()

    def test_cancelling_ends_the_command(self):
        from tiepoint_provider.command_line import run as run_command

        feedback = QgsProcessingFeedback()
        feedback.cancel()
        with self.assertRaisesRegex(QgsProcessingException, "Cancelled"):
            run_command(["register", at("reference.tif"), at("sensed.tif"), at("cancelled.tif")], feedback)
        self.assertEqual([name for name in os.listdir(folder) if name.startswith("cancelled")], [])

    def test_progress_goes_through(self):
        from tiepoint_provider.command_line import run as run_command

        said = []

        class Feedback(QgsProcessingFeedback):
            def setProgressText(self, text):
                said.append(text)

        words = ["register", at("reference.tif"), at("sensed.tif"), at("progress.tif")]
        feedback = Feedback()
        self.assertEqual(run_command(words, feedback)["verdict"], "accept")
        self.assertGreater(len(said), 2)
        self.assertEqual(feedback.progress(), 100)

    def test_the_ellipse_of_a_turned_grid(self):
        from tiepoint_provider.match import ellipse

        # Rows run east and columns north: what errs along x of the image errs along north of the map.
        major, minor, angle = ellipse((4, 0, 1), (0, 0, 10, 0, 10, 0))
        within = math.sqrt(2 * math.log(10))
        self.assertAlmostEqual(major, within * 20)
        self.assertAlmostEqual(minor, within * 10)
        self.assertAlmostEqual(angle % 180, 0)

    def test_styles_draw(self):
        from tiepoint_provider.styles import load_with, style_tie_points

        layer = QgsVectorLayer("Point?crs=EPSG:32633&field=semi_major:double&field=semi_minor:double&field=angle:double", "p", "memory")
        from qgis.core import QgsFeature, QgsGeometry, QgsPointXY, QgsRectangle

        feature = QgsFeature(layer.fields())
        feature.setGeometry(QgsGeometry.fromPointXY(QgsPointXY(500_000, 4_600_000)))
        feature.setAttributes([40.0, 10.0, 0.0])
        layer.dataProvider().addFeature(feature)
        style_tie_points()(layer)
        settings = QgsMapSettings()
        settings.setLayers([layer])
        settings.setExtent(QgsRectangle(499_950, 4_599_950, 500_050, 4_600_050))
        settings.setOutputSize(QSize(200, 200))
        image = QImage(200, 200, QImage.Format_RGB32)
        image.fill(0xFFFFFFFF)
        painter = QPainter(image)
        QgsMapRendererCustomPainterJob(settings, painter).renderSynchronously()
        painter.end()
        drawn = [(x, y) for x in range(200) for y in range(200) if image.pixelColor(x, y).blue() < 128]
        # 2 px a metre: 80 px long from south to north, 20 px wide.
        self.assertAlmostEqual(max(y for _, y in drawn) - min(y for _, y in drawn), 160, delta=6)
        self.assertAlmostEqual(max(x for x, _ in drawn) - min(x for x, _ in drawn), 40, delta=6)

    def test_results_are_loaded_with_a_style(self):
        from tiepoint_provider.styles import load_with, style_tie_points

        context = QgsProcessingContext()
        details = QgsProcessingContext.LayerDetails("points", QgsProject.instance(), "points")
        context.addLayerToLoadOnCompletion("points", details)
        load_with(context, "points", style_tie_points())
        load_with(context, "not to be loaded", style_tie_points())
        styler = context.layerToLoadOnCompletionDetails("points").postProcessor()
        layer = QgsVectorLayer("Point?crs=EPSG:32633", "p", "memory")
        styler.postProcessLayer(layer, context, QgsProcessingFeedback())
        self.assertEqual(layer.renderer().symbol().symbolLayerCount(), 2)


if __name__ == "__main__":
    unittest.main()
