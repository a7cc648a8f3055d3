"""Writes ENVI files and VRTs of many kinds, and beside each what GDAL reads from it.

usage: python3 virtual.py FOLDER
For each file of `manifest.json`, `NAME.bin` holds float64 samples, bands one after the other, and `NAME.mask` the masks of
the bands (0 or 255), one after the other. Complex samples are their magnitude.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
manifest = []
W, H = 120, 90
y, x = np.mgrid[0:H, 0:W]


def pattern(band, dtype):
    f = 110 + 60 * np.sin(x * 0.06 * (band + 1)) * np.cos(y * 0.05) + ((x * 7 + y * 3) % 23)
    return f.astype(dtype)


def at(name):
    return os.path.join(folder, name)


def wkt(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    return srs.ExportToWkt()


def create(name, driver, gdt, bands=1, options=(), epsg=32633, place=(500000, 10, 0, 4500000, 0, -10)):
    ds = gdal.GetDriverByName(driver).Create(at(name), W, H, bands, gdt, list(options))
    ds.SetGeoTransform(place)
    ds.SetProjection(wkt(epsg))
    for b in range(bands):
        values = pattern(b, np.float64)
        if gdal.DataTypeIsComplex(gdt):
            values = values * np.exp(1j * 0.1 * x)
        ds.GetRasterBand(b + 1).WriteArray(values)
    return ds


def answer(name, kind, tolerance=0, opened=None, reduced=False):
    ds = gdal.Open(at(name))
    samples, masks = [], []
    for b in range(ds.RasterCount):
        band = ds.GetRasterBand(b + 1)
        values = band.ReadAsArray()
        samples.append((np.abs(values) if np.iscomplexobj(values) else values).astype(np.float64))
        masks.append(band.GetMaskBand().ReadAsArray())
    np.stack(samples).tofile(at(name + ".bin"))
    np.stack(masks).astype(np.uint8).tofile(at(name + ".mask"))
    srs = ds.GetSpatialRef()
    item = {
        "name": opened or name, "due": name, "kind": kind, "width": ds.RasterXSize, "height": ds.RasterYSize,
        "bands": ds.RasterCount, "tolerance": tolerance, "geotransform": list(ds.GetGeoTransform()),
        "names": [ds.GetRasterBand(b + 1).GetDescription() for b in range(ds.RasterCount)],
        "gcps": ds.GetGCPCount(), "code": srs.GetAuthorityCode(None) if srs else None,
    }
    if reduced:
        small = gdal.Translate("", ds, format="MEM", width=ds.RasterXSize // 8, height=ds.RasterYSize // 8,
                               resampleAlg="average")
        item["reduced"] = small.ReadAsArray().astype(float).flatten().tolist()
    manifest.append(item)


# ENVI: types, interleaves, georeferences.
types = {"Byte": gdal.GDT_Byte, "Int16": gdal.GDT_Int16, "UInt16": gdal.GDT_UInt16, "Int32": gdal.GDT_Int32,
         "UInt32": gdal.GDT_UInt32, "Float32": gdal.GDT_Float32, "Float64": gdal.GDT_Float64,
         "CFloat32": gdal.GDT_CFloat32, "CFloat64": gdal.GDT_CFloat64}
for label, gdt in types.items():
    create("envi-%s.dat" % label, "ENVI", gdt, 2).FlushCache()
    answer("envi-%s.dat" % label, "ENVI of %s" % label, tolerance=1e-4 if label == "CFloat32" else 1e-9)
for interleave in ("BSQ", "BIL", "BIP"):
    ds = create("envi-%s.img" % interleave, "ENVI", gdal.GDT_UInt16, 3, ["INTERLEAVE=" + interleave])
    for b, name in enumerate(("B02", "B03", "B04")):
        ds.GetRasterBand(b + 1).SetDescription(name)
    ds = None
    answer("envi-%s.img" % interleave, "ENVI as " + interleave)
answer("envi-BIL.img", "ENVI by its header", opened="envi-BIL.hdr")
with open(at("envi-BSQ.hdr")) as f:
    header = f.read()
# The other byte order, an offset, nodata, a rotation, names over several lines.
with open(at("envi-BSQ.img"), "rb") as f:
    raw = np.frombuffer(f.read(), "<u2")
with open(at("envi-big"), "wb") as f:
    f.write(b"x" * 37)
    f.write(raw.astype(">u2").tobytes())
with open(at("envi-big.hdr"), "w") as f:
    f.write(header.replace("header offset = 0", "header offset = 37").replace("byte order = 0", "byte order = 1")
            .replace("{UTM,", "{ UTM ,").replace("units=Meters", "units=Meters, rotation=15.5")
            + "data ignore value = %d\n" % raw[0])
answer("envi-big", "ENVI of the other byte order, turned", tolerance=0)
for epsg, place in ((4326, (12.5, 0.001, 0, 45.5, 0, -0.001)), (32719, (500000, 10, 0, 7500000, 0, -10)),
                    (3035, (4321000, 10, 0, 3210000, 0, -10))):
    create("envi-%d.dat" % epsg, "ENVI", gdal.GDT_Byte, epsg=epsg, place=place).FlushCache()
    answer("envi-%d.dat" % epsg, "ENVI in EPSG:%d" % epsg)

# VRTs over tiles that lie beside each other, with gaps, stretched, scaled.
for i in range(2):
    for j in range(2):
        place = (500000 + 10 * W * i, 10, 0, 4500000 - 10 * H * j, 0, -10)
        ds = create("tile-%d%d.tif" % (i, j), "GTiff", gdal.GDT_Int16, 2, place=place)
        for b in range(2):
            ds.GetRasterBand(b + 1).WriteArray(pattern(b + i + 2 * j, np.int16))
            ds.GetRasterBand(b + 1).SetNoDataValue(-5)
            ds.GetRasterBand(b + 1).SetDescription("band %d" % b)
        ds.BuildOverviews("AVERAGE", [2, 4])
        ds = None
tiles = [at("tile-%d%d.tif" % (i, j)) for i in range(2) for j in range(2)]
gdal.BuildVRT(at("mosaic.vrt"), tiles[:3]).FlushCache()
answer("mosaic.vrt", "a mosaic with a gap", reduced=True)
gdal.BuildVRT(at("separate.vrt"), tiles[:1] * 2, separate=True).FlushCache()
answer("separate.vrt", "bands of several files")
gdal.BuildVRT(at("coarser.vrt"), tiles, resolution="user", xRes=25, yRes=25).FlushCache()
answer("coarser.vrt", "a mosaic of coarser pixels")
gdal.BuildVRT(at("finer.vrt"), tiles[:2], resolution="user", xRes=4, yRes=4).FlushCache()
answer("finer.vrt", "a mosaic of finer pixels")
gdal.Translate(at("scaled.vrt"), tiles[0], format="VRT", outputType=gdal.GDT_Byte, scaleParams=[[40, 200, 0, 255]])
answer("scaled.vrt", "scaled values")
gdal.Translate(at("window.vrt"), tiles[3], format="VRT", srcWin=[10.5, 20.25, 50, 40], width=100, height=80)
answer("window.vrt", "a stretched window")
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
ds = create("masked.tif", "GTiff", gdal.GDT_Byte, 3)
ds.CreateMaskBand(gdal.GMF_PER_DATASET)
hole = np.full((H, W), 255, np.uint8)
hole[20:50, 30:90] = 0
ds.GetRasterBand(1).GetMaskBand().WriteArray(hole)
ds = None
gdal.BuildVRT(at("mask.vrt"), [at("masked.tif")]).FlushCache()
answer("mask.vrt", "the mask of a file")
gdal.BuildVRT(at("alpha.vrt"), [at("masked.tif")], addAlpha=True).FlushCache()
answer("alpha.vrt", "an alpha band")
ds = create("palette.tif", "GTiff", gdal.GDT_Byte)
table = gdal.ColorTable()
for value in range(256):
    table.SetColorEntry(value, (value, 255 - value, (value * 7) % 256, 255))
ds.GetRasterBand(1).SetColorTable(table)
ds = None
gdal.Translate(at("expanded.vrt"), at("palette.tif"), format="VRT", rgbExpand="rgb")
answer("expanded.vrt", "colours of a palette")
gcps = [gdal.GCP(500000 + 10 * px + 0.01 * px * py, 4500000 - 10 * py, 0, px, py)
        for px in (0, 60, 120) for py in (0, 45, 90)]
gdal.Translate(at("gcps.vrt"), at("masked.tif"), format="VRT", GCPs=gcps, outputSRS="EPSG:32633")
answer("gcps.vrt", "control points")
# Sources in a row, with nodata, a table and an exponent.
complex_source = """<ComplexSource><SourceFilename relativeToVRT="1">%s</SourceFilename><SourceBand>1</SourceBand>
<SrcRect xOff="0" yOff="0" xSize="%d" ySize="%d"/><DstRect xOff="%d" yOff="%d" xSize="%d" ySize="%d"/>%s</ComplexSource>"""
body = "".join([
    complex_source % ("tile-00.tif", W, H, 0, 0, W, H, "<LUT>0:10,100:50.5,200:250</LUT>"),
    complex_source % ("tile-01.tif", W, H, 30, 20, W, H, "<NODATA>%d</NODATA><ScaleOffset>7</ScaleOffset>"
                      "<ScaleRatio>0.5</ScaleRatio>" % pattern(2, np.int16)[3, 3]),
    '<SimpleSource><SourceFilename relativeToVRT="1">tile-10.tif</SourceFilename><SourceBand>2</SourceBand>'
    '<SrcRect xOff="5" yOff="5" xSize="20" ySize="20"/><DstRect xOff="90" yOff="60" xSize="20" ySize="20"/></SimpleSource>',
])
with open(at("drawn.vrt"), "w") as f:
    f.write('<?xml version="1.0"?>\n<!-- a comment -->\n<VRTDataset rasterXSize="%d" rasterYSize="%d">'
            '<VRTRasterBand dataType="Float32" band="1"><NoDataValue>-1</NoDataValue>%s</VRTRasterBand></VRTDataset>'
            % (W + 20, H, body))
answer("drawn.vrt", "sources drawn over each other", tolerance=1e-4)
# As ISCE writes it: raw samples with a VRT beside.
(pattern(0, np.float32) * np.exp(1j * 0.1 * x)).astype(np.complex64).tofile(at("burst.slc"))
with open(at("burst.slc.vrt"), "w") as f:
    f.write('<VRTDataset rasterXSize="%d" rasterYSize="%d"><VRTRasterBand band="1" dataType="CFloat32" '
            'subClass="VRTRawRasterBand"><SourceFilename relativeToVRT="1">burst.slc</SourceFilename>'
            "<ByteOrder>LSB</ByteOrder><ImageOffset>0</ImageOffset><PixelOffset>8</PixelOffset><LineOffset>%d</LineOffset>"
            "</VRTRasterBand></VRTDataset>" % (W, H, 8 * W))
answer("burst.slc.vrt", "raw samples", tolerance=1e-4)

with open(at("manifest.json"), "w") as out:
    json.dump(manifest, out)
