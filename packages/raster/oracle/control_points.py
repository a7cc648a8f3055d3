"""Writes images that control points place, and how GDAL places and warps them.

usage: python3 control_points.py FOLDER
Prints one JSON document: of each image pixels with their places by GDAL, and the grid of its warp, whose float64 samples are in
`NAME.bin` (NaN where nothing is).
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H = 400, 300
y, x = np.mgrid[0:H, 0:W]
image = (120 + 60 * np.sin(x * 0.09) * np.cos(y * 0.07)).astype(np.float32)
srs = osr.SpatialReference()
srs.ImportFromEPSG(32633)
rng = np.random.default_rng(3)


def wavy(px, py):
    return (500000 + 10 * px + 180 * np.sin(py / 60), 4500000 - 10 * py + 120 * np.sin(px / 80))


def curved(px, py):
    return (500000 + 10 * px + 0.004 * px * px - 0.003 * px * py, 4500000 - 10 * py + 0.005 * py * py)


def plain(px, py):
    return (500000 + 10 * px + 2 * py, 4500000 - 10 * py)


grid = [(px, py) for py in np.linspace(0, H, 9) for px in np.linspace(0, W, 11)]
scattered = list(zip(rng.uniform(0, W, 25), rng.uniform(0, H, 25)))
out = {}
for name, bend, points, noise, method in (
        ("spline", wavy, grid, 0, ["METHOD=GCP_TPS"]),
        ("polynomial", curved, scattered, 3, ["METHOD=GCP_POLYNOMIAL", "MAX_GCP_ORDER=2"]),
        ("affine", plain, scattered, 3, ["METHOD=GCP_POLYNOMIAL", "MAX_GCP_ORDER=1"])):
    path = os.path.join(folder, name + ".tif")
    ds = gdal.GetDriverByName("GTiff").Create(path, W, H, 1, gdal.GDT_Float32)
    ds.GetRasterBand(1).WriteArray(image)
    gcps = []
    for px, py in points:
        mx, my = bend(px, py)
        gcps.append(gdal.GCP(mx + noise * rng.normal(), my + noise * rng.normal(), 0, px, py))
    ds.SetGCPs(gcps, srs)
    ds = None
    transformer = gdal.Transformer(gdal.Open(path), None, method)
    places = []
    for px, py in ((10.5, 20.25), (200, 150), (390, 20), (33, 280), (250.75, 99)):
        ok, (mx, my, _) = transformer.TransformPoint(0, px, py)
        places.append([px, py, mx, my])
    out[name] = {"places": places}
    if name == "spline":
        options = dict(format="MEM", dstSRS="EPSG:32633", tps=True, outputBounds=(500300, 4497300, 503700, 4499700),
                       xRes=10, yRes=10, resampleAlg="bilinear", dstNodata=float("nan"), errorThreshold=0)
        warped = gdal.Warp("", path, **options)
        warped.ReadAsArray().astype(np.float64).tofile(os.path.join(folder, name + ".bin"))
        out[name]["extent"] = [500300, 4497300, 503700, 4499700]
print(json.dumps(out))
