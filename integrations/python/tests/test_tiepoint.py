"""Runs the built command line on images that are made here."""

import contextlib
import io
import math
import os
import re
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np
import rasterio

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
import scenes  # noqa: E402
import tiepoint  # noqa: E402


class OnImages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.holder.name)
        cls.reference, cls.sensed = scenes.pair()
        for name, array in (("optical", cls.reference), ("sar", cls.sensed), ("sar-vh", cls.sensed)):
            side = array.shape[0]
            profile = {"driver": "GTiff", "count": 1, "width": side, "height": side, "dtype": "float32"}
            with rasterio.open(cls.at(f"{name}.tif"), "w", **profile, crs=scenes.crs, transform=scenes.transform) as file:
                file.write(array, 1)
        cls.before = os.getcwd()
        os.chdir(cls.folder)
        # The sample of the README, as a reader would run it; most tests look at what it leaves.
        readme = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")
        (sample,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
        cls.names = {"array": cls.sensed, "transform": scenes.transform}
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            exec(compile(sample, "README.md", "exec"), cls.names)
        cls.printed = printed.getvalue()
        cls.result = cls.names["result"]

    @classmethod
    def tearDownClass(cls):
        os.chdir(cls.before)
        cls.holder.cleanup()

    @classmethod
    def at(cls, name):
        return str(cls.folder / name)

    def test_registers_paths(self):
        result = self.result
        self.assertEqual(result.verdict, "accept")
        self.assertTrue(result.accepted)
        (x, y), (u, v) = result.to_reference([(0, 0), (100.5, 50.25)])
        self.assertLess(math.hypot(x - 4, y - 3), 0.5)
        self.assertLess(math.hypot(u - 104.5, v - 53.25), 0.5)
        (back,) = result.to_sensed([(x, y)])
        self.assertLess(math.hypot(*back), 1e-6)
        self.assertLess(result.accuracy.ce90, 2)
        self.assertAlmostEqual(result.accuracy.ce90_metres / result.accuracy.ce90, 10, places=1)
        self.assertIn("strength", {finding.code for finding in result.findings})

    def test_the_sample_of_the_readme_prints_and_writes(self):
        self.assertTrue(self.printed.startswith("accept "), self.printed)
        with rasterio.open("vh.tif") as warped:
            self.assertEqual(warped.transform, scenes.transform)
        found = self.names["found"]
        self.assertGreater(len(found.tie_points), 8)
        first = found.tie_points[0]
        self.assertEqual((len(first.covariance), len(first.sensed)), (3, 2))

    def test_writes_the_output_on_the_grid_of_the_reference(self):
        with rasterio.open(self.result.output) as file:
            self.assertEqual(file.transform, scenes.transform)
            self.assertEqual(file.tags()["TIEPOINT_VERDICT"], "accept")
            written = file.read(1, masked=True)
        inner = slice(20, 200)
        self.assertGreater(abs(np.corrcoef(written[inner, inner].ravel(), self.reference[inner, inner].ravel())[0, 1]), 0.98)

    def test_shows_the_report_in_a_notebook(self):
        page = self.result._repr_html_()
        self.assertTrue(page.startswith("<iframe"))
        self.assertIn("&lt;html", page)
        self.assertNotIn("<html", page)

    def test_takes_datasets_in_memory_and_arrays_and_says_its_progress(self):
        place = {"transform": scenes.transform, "crs": scenes.crs}
        said = []
        with rasterio.io.MemoryFile(Path("optical.tif").read_bytes()) as memory, memory.open() as dataset:
            array = tiepoint.Raster(self.sensed, **place)
            result = tiepoint.register(dataset, array, model="translation", progress=said.append)
        self.assertEqual((result.verdict, result.model), ("accept", "translation"))
        self.assertIsNone(result.output)
        self.assertIsNone(result.report)
        self.assertIn("accept", result._repr_html_())
        self.assertTrue(any(text.startswith("matching") for text in said), said)

    def test_warps_by_a_result_and_by_a_file(self):
        self.result.save(self.at("solution.json"))
        for name, solution in (("a.tif", self.result), ("b.tif", self.at("solution.json"))):
            tiepoint.warp(self.at("sar.tif"), self.at(name), solution, resampling="nearest", reference=self.at("optical.tif"))
        with rasterio.open(self.at("a.tif")) as a, rasterio.open(self.at("b.tif")) as b:
            np.testing.assert_array_equal(a.read(), b.read())
        with self.assertRaises(tiepoint.TiepointError) as caught:
            tiepoint.warp(self.at("sar.tif"), self.at("a.tif"), self.result)
        self.assertEqual((caught.exception.code, caught.exception.exit_code), ("output-exists", 2))
        self.assertIn("--overwrite", caught.exception.hint)

    def test_assesses(self):
        found = tiepoint.assess(self.at("optical.tif"), self.at("sar.tif"))
        self.assertLess(abs(math.hypot(*found.mean) - 5), 0.5)
        self.assertGreater(found.ce90_metres, 40)

    def test_refusal_is_an_answer(self):
        other = tiepoint.Raster(scenes.scene(224, 99), transform=scenes.transform, crs=scenes.crs)
        result = tiepoint.register(self.at("optical.tif"), other, self.at("refused.tif"), method="grid")
        self.assertEqual(result.verdict, "refuse")
        self.assertFalse(result.accepted)
        self.assertEqual((result.output, result.sensed_to_reference), (None, None))
        self.assertFalse(os.path.exists(self.at("refused.tif")))
        with self.assertRaises(tiepoint.TiepointError) as caught:
            result.to_reference([(0, 0)])
        self.assertEqual(caught.exception.code, "refused")

    def test_can_be_cancelled_and_bounded(self):
        with self.assertRaises(tiepoint.Cancelled):
            tiepoint.register(self.at("optical.tif"), self.at("sar.tif"), self.at("no.tif"), cancelled=lambda: True)
        with self.assertRaises(tiepoint.Cancelled) as caught:
            tiepoint.register(self.at("optical.tif"), self.at("sar.tif"), self.at("no.tif"), timeout=0.2)
        self.assertIn("0.2 s", str(caught.exception))
        self.assertEqual([name for name in os.listdir(self.folder) if name.startswith("no.tif")], [])


class WithoutImages(unittest.TestCase):
    def test_errors_have_code_and_hint(self):
        with self.assertRaises(tiepoint.TiepointError) as caught:
            tiepoint.register("absent.tif", "absent.tif")
        self.assertEqual((caught.exception.code, caught.exception.exit_code), ("file-not-found", 3))
        self.assertIn("path", caught.exception.hint)
        with self.assertRaises(tiepoint.TiepointError) as caught:
            tiepoint.register("a.tif", "b.tif", no_such_option=1)
        self.assertEqual(caught.exception.code, "usage")

    def test_what_is_no_image_is_said(self):
        with self.assertRaisesRegex(TypeError, "sensed image is a int"):
            tiepoint.register("a.tif", 7)
        with self.assertRaisesRegex(TypeError, "1 dimensions"):
            tiepoint.register(tiepoint.Raster(np.zeros(3)), "b.tif")

    def test_says_how_to_get_the_command(self):
        with tempfile.TemporaryDirectory() as empty:
            with mock.patch.dict(os.environ, {"PATH": empty}), mock.patch.object(Path, "cwd", lambda: Path(empty)):
                os.environ.pop("TIEPOINT_COMMAND", None)
                with self.assertRaises(tiepoint.CommandNotFound) as caught:
                    tiepoint.find_command()
                self.assertIn("npm install --global tiepoint", caught.exception.hint)
                os.environ["TIEPOINT_COMMAND"] = "no-such-command"
                with self.assertRaisesRegex(tiepoint.CommandNotFound, "no-such-command"):
                    tiepoint.find_command()
                os.environ["TIEPOINT_COMMAND"] = "/somewhere/tiepoint.js"
                with self.assertRaisesRegex(tiepoint.CommandNotFound, "Node"):
                    tiepoint.find_command()

    def test_finds_the_command_of_a_project(self):
        with tempfile.TemporaryDirectory() as empty:
            project = Path(empty) / "project"
            (project / "node_modules/.bin").mkdir(parents=True)
            (project / "inner").mkdir()
            command = project / "node_modules/.bin/tiepoint"
            command.write_text("#!/bin/sh\n")
            command.chmod(0o755)
            with mock.patch.dict(os.environ, {"PATH": empty}), mock.patch.object(Path, "cwd", lambda: project / "inner"):
                os.environ.pop("TIEPOINT_COMMAND", None)
                self.assertEqual(tiepoint.find_command(), [str(command)])


if __name__ == "__main__":
    unittest.main()
