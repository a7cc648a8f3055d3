"""Writes NetCDF files and Zarr stores of times and several variables, and what GDAL reads from each variable.

usage: python3 netcdf.py FOLDER
Prints a JSON list; `DUE.bin` holds float64 samples, planes one after the other.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H, T = 70, 50, 3
y, x = np.mgrid[0:H, 0:W]
out = []


def at(name):
    return os.path.join(folder, name)


def pattern(band):
    return 110 + 60 * np.sin(x * 0.06 * (band + 1)) * np.cos(y * 0.05) + (x * 7 + y * 3) % 23


def crs(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


def write(name, driver, options, code, place):
    """Temperatures of three times and one height, rows from the south."""
    west, south, step = place
    ds = gdal.GetDriverByName(driver).CreateMultiDimensional(at(name), options)
    root = ds.GetRootGroup()
    kinds = {n: gdal.ExtendedDataType.Create(t) for n, t in (("f8", gdal.GDT_Float64), ("f4", gdal.GDT_Float32), ("i2", gdal.GDT_Int16))}
    time = root.CreateDimension("time", None, None, T)
    rows = root.CreateDimension("y", gdal.DIM_TYPE_HORIZONTAL_Y, None, H)
    columns = root.CreateDimension("x", gdal.DIM_TYPE_HORIZONTAL_X, None, W)

    def variable(name, dimensions, kind, values, **attributes):
        array = root.CreateMDArray(name, dimensions, kinds[kind])
        for key, value in attributes.items():
            text = isinstance(value, str)
            array.CreateAttribute(key, [], gdal.ExtendedDataType.CreateString() if text else kinds["f8"]).Write(value)
        array.Write(values)
        return array

    unit = "degrees_%s" if code == 4326 else "m"
    variable("x", [columns], "f8", west + step * (0.5 + np.arange(W)), units=unit.replace("%s", "east"))
    variable("y", [rows], "f8", south + step * (0.5 + np.arange(H)), units=unit.replace("%s", "north"))
    variable("time", [time], "f8", np.arange(float(T)), units="days since 2020-01-01")
    warm = variable("temperature", [time, rows, columns], "f4", np.stack([pattern(t) for t in range(T)]).astype(np.float32), units="K")
    warm.SetSpatialRef(crs(code))
    high = variable("height", [rows, columns], "i2", pattern(5).astype(np.int16), scale_factor=0.5, add_offset=10.0)
    high.SetSpatialRef(crs(code))


def answer(file, variable, opened):
    ds = gdal.Open(opened)
    due = "%s-%s" % (file, variable)
    np.stack([ds.GetRasterBand(b + 1).ReadAsArray() for b in range(ds.RasterCount)]).astype(np.float64).tofile(at(due + ".bin"))
    band = ds.GetRasterBand(1)
    out.append({"file": file, "variable": variable, "due": due, "bands": ds.RasterCount, "size": [ds.RasterXSize, ds.RasterYSize],
                "geotransform": ds.GetGeoTransform(can_return_null=True), "epsg": ds.GetSpatialRef().GetAuthorityCode(None),
                "scale": band.GetScale() or 1, "offset": band.GetOffset() or 0})


UTM, DEGREES = (500000, 4499500, 10), (10, 45, 0.01)
for name, options, code, place in (("classic.nc", ["FORMAT=NC"], 32633, UTM), ("offsets.nc", ["FORMAT=NC2"], 4326, DEGREES),
                                   ("hdf5.nc", ["FORMAT=NC4"], 32633, UTM), ("degrees4.nc", ["FORMAT=NC4C"], 4326, DEGREES)):
    write(name, "netCDF", options, code, place)
    for variable in ("temperature", "height"):
        answer(name, variable, 'NETCDF:"%s":%s' % (at(name), variable))
for compress in ("NONE", "BLOSC", "GZIP", "ZSTD"):
    memory = gdal.GetDriverByName("MEM").Create("", W, H, 1, gdal.GDT_UInt16)
    memory.GetRasterBand(1).WriteArray((pattern(2) * 100).astype(np.uint16))
    memory.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
    memory.SetSpatialRef(crs(32633))
    name = compress.lower() + ".zarr"
    gdal.GetDriverByName("Zarr").CreateCopy(at(name), memory, options=["COMPRESS=" + compress, "BLOCKSIZE=16,33"])
    answer(name, compress.lower(), at(name))
print(json.dumps(out))
