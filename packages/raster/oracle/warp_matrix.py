"""Makes source images and warps them with gdalwarp -et 0.

usage: python3 warp_matrix.py FOLDER
For every case `NAME.bin` holds what GDAL wrote (float64) and `cases.json` what it was asked.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H = 300, 240


def srs(epsg):
    s = osr.SpatialReference()
    s.ImportFromEPSG(epsg)
    return s.ExportToWkt()


def make(name, gdt, geotransform=(600000, 10, 0, 5000000, 0, -10), epsg=32633, nodata=None, mask=False, bands=1, rows=(0, H)):
    path = os.path.join(folder, name + ".tif")
    ds = gdal.GetDriverByName("GTiff").Create(path, W, H, bands, gdt, ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"])
    ds.SetGeoTransform(geotransform)
    ds.SetProjection(srs(epsg))
    y, x = np.mgrid[0:H, 0:W]
    rng = np.random.default_rng(5)
    for b in range(bands):
        a = 120 + 60 * np.sin(x * 0.21 * (b + 1)) * np.cos(y * 0.17) + rng.normal(0, 15, (H, W))
        if gdt == gdal.GDT_Byte:
            a = np.clip(np.round(a), 1, 255)
        elif gdt == gdal.GDT_UInt16:
            a = np.clip(np.round(a * 40), 1, 65535)
        elif gdt == gdal.GDT_Int16:
            a = np.round(a * 100 - 12000)
        if nodata is not None:
            a[40:90, 100:160] = nodata
            a[(x * 7 + y * 13) % 97 == 0] = nodata
        ds.GetRasterBand(b + 1).WriteArray(a)
        if nodata is not None:
            ds.GetRasterBand(b + 1).SetNoDataValue(nodata)
    if mask:
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
        ds.CreateMaskBand(gdal.GMF_PER_DATASET)
        m = np.full((H, W), 255, np.uint8)
        m[40:90, 100:160] = 0
        ds.GetRasterBand(1).GetMaskBand().WriteArray(m)
    ds = None
    return path


SOURCES = {
    "byte": make("byte", gdal.GDT_Byte), "u16": make("u16", gdal.GDT_UInt16), "i16": make("i16", gdal.GDT_Int16),
    "f32": make("f32", gdal.GDT_Float32), "f64": make("f64", gdal.GDT_Float64),
    "byte3": make("byte3", gdal.GDT_Byte, bands=3),
    "byte-nodata": make("byte-nodata", gdal.GDT_Byte, nodata=0),
    "f32-nodata": make("f32-nodata", gdal.GDT_Float32, nodata=-9999),
    "byte-mask": make("byte-mask", gdal.GDT_Byte, mask=True),
}
METHODS = {"near": "nearest", "bilinear": "bilinear", "cubic": "cubic", "cubicspline": "cubicspline", "lanczos": "lanczos",
           "average": "average", "mode": "mode"}
# name: (epsg, resolution, extent in the target system)
TARGETS = {
    "same-shift": (32633, 10, (600123.4, 4997701.7, 602823.4, 4999901.7)),
    "finer": (32633, 4, (600503, 4998203, 601703, 4999403)),
    "half": (32633, 20, (600000, 4997600, 603000, 5000000)),
    "third": (32633, 30, (600000, 4997600, 603000, 5000000)),
    "zone34": (32634, 10, (128600, 5007800, 130900, 5009800)),
    "lonlat": (4326, 0.0001, (16.275, 45.125, 16.305, 45.145)),
}
cases = []
for source, path in SOURCES.items():
    for target, (epsg, res, extent) in TARGETS.items():
        for method in METHODS:
            if source not in ("byte", "f32", "byte-nodata", "byte-mask") and method in ("near", "mode", "cubicspline", "average"):
                continue
            if source not in ("byte", "f32") and target in ("third", "lonlat"):
                continue
            name = f"{source}_{target}_{method}"
            out = os.path.join(folder, name + ".gdal.tif")
            ds = gdal.Warp(out, path, dstSRS=f"EPSG:{epsg}", xRes=res, yRes=res, outputBounds=extent,
                           resampleAlg=method, errorThreshold=0, warpOptions=[])
            array = ds.ReadAsArray().reshape(ds.RasterCount, ds.RasterYSize, ds.RasterXSize)
            array.astype(np.float64).tofile(os.path.join(folder, name + ".bin"))
            ds.GetRasterBand(1).GetMaskBand().ReadAsArray().tofile(os.path.join(folder, name + ".mask"))
            cases.append({"name": name, "source": source, "epsg": epsg, "resolution": res, "extent": extent,
                          "resampling": METHODS[method], "width": ds.RasterXSize, "height": ds.RasterYSize,
                          "geotransform": ds.GetGeoTransform()})
            ds = None
            os.remove(out)
with open(os.path.join(folder, "cases.json"), "w") as f:
    json.dump(cases, f)
