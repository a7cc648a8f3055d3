"""Writes the small GeoTIFFs of the fixtures folder, of compressions this package reads but does not write.

usage: python3 make_fixtures.py FOLDER   (GDAL 3.6)
"""
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H = 61, 47
y, x = np.mgrid[0:H, 0:W]
base = 100 + 40 * np.sin(x * 0.2) * np.cos(y * 0.15)


def write(name, gdt, bands, options, overviews=None, gcps=False):
    path = os.path.join(folder, name + ".tif")
    ds = gdal.GetDriverByName("GTiff").Create(path, W, H, bands, gdt, options)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    if gcps:
        ds.SetGCPs([gdal.GCP(500000 + 10 * c, 5000000 - 10 * r, 0, c, r) for c, r in ((0, 0), (60, 0), (0, 46), (60, 46))], srs.ExportToWkt())
    else:
        ds.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
        ds.SetProjection(srs.ExportToWkt())
    for b in range(bands):
        ds.GetRasterBand(b + 1).WriteArray(np.round(base + b))
    if overviews:
        ds.BuildOverviews("AVERAGE", overviews)


TILES = ["TILED=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32"]
write("strips-packbits", gdal.GDT_Byte, 1, ["COMPRESS=PACKBITS", "BLOCKYSIZE=7"], gcps=True)
write("strips-none-planar", gdal.GDT_Int16, 2, ["INTERLEAVE=BAND", "BLOCKYSIZE=9"])
write("tiles-zstd", gdal.GDT_UInt16, 1, TILES + ["COMPRESS=ZSTD", "PREDICTOR=2"])
write("tiles-lerc", gdal.GDT_Float32, 1, TILES + ["COMPRESS=LERC"])
write("tiles-lerc-deflate", gdal.GDT_Float32, 1, TILES + ["COMPRESS=LERC_DEFLATE"])
write("tiles-jpeg", gdal.GDT_Byte, 3, TILES + ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "INTERLEAVE=PIXEL"])
write("tiles-webp", gdal.GDT_Byte, 3, TILES + ["COMPRESS=WEBP", "INTERLEAVE=PIXEL"])
write("bigtiff-deflate", gdal.GDT_Float64, 1, TILES + ["COMPRESS=DEFLATE", "PREDICTOR=3", "BIGTIFF=YES"], overviews=[2])
write("big-endian-lzw", gdal.GDT_Int32, 1, TILES + ["COMPRESS=LZW", "ENDIANNESS=BIG"])
write("bits-one", gdal.GDT_Byte, 1, ["NBITS=1", "BLOCKYSIZE=16"])

# RPCs in the tag, and JPEG 2000 in tiles with reduced resolutions.
numbers = lambda *first: " ".join(str(v) for v in list(first) + [0] * (20 - len(first)))
rpc = {
    "LINE_OFF": "23", "SAMP_OFF": "30", "LAT_OFF": "45", "LONG_OFF": "12", "HEIGHT_OFF": "300",
    "LINE_SCALE": "24", "SAMP_SCALE": "31", "LAT_SCALE": "0.0022", "LONG_SCALE": "0.0045", "HEIGHT_SCALE": "500",
    "LINE_NUM_COEFF": numbers(0.001, 0.08, -1.02, 0.11, 0.002), "LINE_DEN_COEFF": numbers(1, 0.001),
    "SAMP_NUM_COEFF": numbers(-0.002, 1.01, 0.06, -0.14, 0.003), "SAMP_DEN_COEFF": numbers(1, 0.001),
}
ds = gdal.GetDriverByName("GTiff").Create(os.path.join(folder, "rpc.tif"), W, H, 1, gdal.GDT_Byte, ["COMPRESS=DEFLATE"])
ds.SetMetadata(rpc, "RPC")
ds.GetRasterBand(1).WriteArray(np.round(base))
ds = None
memory = gdal.GetDriverByName("MEM").Create("", W, H, 1, gdal.GDT_UInt16)
srs = osr.SpatialReference()
srs.ImportFromEPSG(32633)
memory.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
memory.SetProjection(srs.ExportToWkt())
memory.GetRasterBand(1).WriteArray(np.round(base))
options = ["QUALITY=100", "REVERSIBLE=YES", "BLOCKXSIZE=32", "BLOCKYSIZE=32", "RESOLUTIONS=3"]
gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(os.path.join(folder, "tiles.jp2"), memory, options=options)

# NetCDF, classic and in HDF5.
memory = gdal.GetDriverByName("MEM").Create("", W, H, 1, gdal.GDT_Int16)
memory.SetGeoTransform((500000, 10, 0, 5000000, 0, -10))
memory.SetProjection(srs.ExportToWkt())
memory.GetRasterBand(1).SetNoDataValue(-9999)
memory.GetRasterBand(1).WriteArray(np.round(base))
plain = ["WRITE_GDAL_HISTORY=NO", "WRITE_GDAL_VERSION=NO"]
for name, options in (("classic.nc", ["FORMAT=NC"]), ("hdf5.nc", ["FORMAT=NC4", "COMPRESS=DEFLATE"])):
    gdal.GetDriverByName("netCDF").CreateCopy(os.path.join(folder, name), memory, options=plain + options)
