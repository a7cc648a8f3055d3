"""Writes complex images, and compares what was warped of them with what GDAL warps.

usage: python3 complex.py make FOLDER
       python3 complex.py compare SOURCE OUTPUT MINX MINY MAXX MAXY RESAMPLING
The second prints JSON: the type of OUTPUT and the greatest differences of the real part, the imaginary part and the validity.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
W, H = 160, 120
TYPES = {"cfloat32": gdal.GDT_CFloat32, "cint16": gdal.GDT_CInt16, "cfloat64": gdal.GDT_CFloat64}


def make(folder):
    y, x = np.mgrid[0:H, 0:W]
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    for name, driver, kind, bands, options in (
            ("cfloat32.tif", "GTiff", "cfloat32", 1, ["COMPRESS=DEFLATE", "TILED=YES"]),
            ("cint16.tif", "GTiff", "cint16", 1, []),
            ("cfloat64.tif", "GTiff", "cfloat64", 1, []),
            ("pixel.tif", "GTiff", "cfloat32", 2, ["INTERLEAVE=PIXEL", "ENDIANNESS=BIG"]),
            ("planes.tif", "GTiff", "cfloat32", 2, ["INTERLEAVE=BAND"]),
            ("envi.slc", "ENVI", "cfloat32", 1, [])):
        ds = gdal.GetDriverByName(driver).Create(os.path.join(folder, name), W, H, bands, TYPES[kind], options)
        ds.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
        ds.SetProjection(srs.ExportToWkt())
        for b in range(bands):
            amplitude = 200 + 80 * np.sin(x * 0.11 + b) * np.cos(y * 0.09)
            ds.GetRasterBand(b + 1).WriteArray(amplitude * np.exp(1j * (0.21 * x - 0.13 * y + b)))
        ds = None


def compare(source, output, extent, resampling):
    due = gdal.Warp("", source, format="MEM", outputBounds=[float(v) for v in extent], xRes=10, yRes=10,
                    resampleAlg=resampling, dstAlpha=False)
    found = gdal.Open(output)
    out = {"type": gdal.GetDataTypeName(found.GetRasterBand(1).DataType), "bands": found.RasterCount, "real": 0,
           "imaginary": 0, "overviews": found.GetRasterBand(1).GetOverviewCount()}
    for b in range(due.RasterCount):
        a, c = due.GetRasterBand(b + 1).ReadAsArray(), found.GetRasterBand(b + 1).ReadAsArray()
        out["real"] = max(out["real"], float(np.abs(a.real - c.real).max()))
        out["imaginary"] = max(out["imaginary"], float(np.abs(a.imag - c.imag).max()))
    out["covered"] = float((found.GetRasterBand(1).GetMaskBand().ReadAsArray() > 0).mean())
    out["coveredByGdal"] = float((np.abs(due.GetRasterBand(1).ReadAsArray()) > 0).mean())
    print(json.dumps(out))


if sys.argv[1] == "make":
    make(sys.argv[2])
else:
    compare(sys.argv[2], sys.argv[3], sys.argv[4:8], sys.argv[8])
