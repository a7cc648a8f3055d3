"""Writes images with RPCs in every place GDAL writes them, a DEM, and where GDAL's RPC transformer puts pixels.

usage: python3 rpc.py FOLDER
Prints JSON: places at the mean height and on the DEM, as [x, y, longitude, latitude].
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H = 400, 300


def at(name):
    return os.path.join(folder, name)


def line(*terms):
    return " ".join(repr(float(v)) for v in list(terms) + [0] * (20 - len(terms)))


rpc = {
    "LINE_OFF": 150, "SAMP_OFF": 200, "LAT_OFF": 45, "LONG_OFF": 12, "HEIGHT_OFF": 300,
    "LINE_SCALE": 160, "SAMP_SCALE": 210, "LAT_SCALE": 0.015, "LONG_SCALE": 0.03, "HEIGHT_SCALE": 500,
    # 1, L, P, H, LP, LH, PH, LL, PP, HH, PLH
    "LINE_NUM_COEFF": line(0.001, 0.08, -1.02, 0.11, 0.002, 0.001, 0, 0.004, -0.003, 0.0002, 0.0001),
    "LINE_DEN_COEFF": line(1, 0.001, -0.002, 0.0005),
    "SAMP_NUM_COEFF": line(-0.002, 1.01, 0.06, -0.14, 0.003, -0.001, 0.002, -0.006, 0.001, 0.0003),
    "SAMP_DEN_COEFF": line(1, 0.001, -0.002, 0.0005),
}
rpc = {key: str(value) for key, value in rpc.items()}
y, x = np.mgrid[0:H, 0:W]
image = (120 + 60 * np.sin(x * 0.09) * np.cos(y * 0.07)).astype(np.uint8)
for name, options in (("tag.tif", []), ("text.tif", ["PROFILE=BASELINE", "RPCTXT=YES"]),
                      ("rpb.tif", ["PROFILE=BASELINE", "RPB=YES"]), ("pam.tif", ["PROFILE=BASELINE"])):
    ds = gdal.GetDriverByName("GTiff").Create(at(name), W, H, 1, gdal.GDT_Byte, options)
    ds.SetMetadata(rpc, "RPC")
    ds.GetRasterBand(1).WriteArray(image)
    ds = None
if os.path.exists(at("text.tif.aux.xml")):
    os.remove(at("text.tif.aux.xml"))
if os.path.exists(at("rpb.tif.aux.xml")):
    os.remove(at("rpb.tif.aux.xml"))
gdal.Translate(at("virtual.vrt"), at("tag.tif"), format="VRT")

# A DEM in degrees, smooth and steep.
dem = gdal.GetDriverByName("GTiff").Create(at("dem.tif"), 160, 120, 1, gdal.GDT_Float32)
dem.SetGeoTransform((11.95, 0.000625, 0, 45.03, 0, -0.0005))
srs = osr.SpatialReference()
srs.ImportFromEPSG(4326)
dem.SetProjection(srs.ExportToWkt())
v, u = np.mgrid[0:120, 0:160]
dem.GetRasterBand(1).WriteArray((300 + 180 * np.sin(u * 0.05) * np.cos(v * 0.06)).astype(np.float32))
dem = None

out = {}
pixels = [(10.5, 20.25), (200, 150), (390, 20), (33, 280), (250.75, 99)]
for name, options in (("mean", ["RPC_HEIGHT=0"]), ("ground", ["RPC_DEM=" + at("dem.tif"), "RPC_DEMINTERPOLATION=bilinear"])):
    if name == "mean":
        # GDAL's heights are relative to nothing: the mean height of the scene is given.
        options = ["RPC_HEIGHT=300"]
    transformer = gdal.Transformer(gdal.Open(at("tag.tif")), None, ["METHOD=RPC", "RPC_PIXEL_ERROR_THRESHOLD=1e-7", "RPC_MAX_ITERATIONS=50"] + options)
    out[name] = []
    for px, py in pixels:
        ok, (lon, lat, _) = transformer.TransformPoint(0, px, py)
        assert ok
        out[name].append([px, py, lon, lat])
print(json.dumps(out))
