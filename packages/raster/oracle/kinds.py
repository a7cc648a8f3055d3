"""Writes files of kinds that people have and that readers get wrong, and beside each what GDAL reads from it.

usage: python3 kinds.py FOLDER
For each file of `manifest.json`, `NAME.bin` holds float64 samples, bands one after the other, and `NAME.mask` the masks of
the bands (0 or 255), one after the other.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, osr

import kinds_more

gdal.UseExceptions()
folder = sys.argv[1]
manifest = []
W, H = 192, 160
y, x = np.mgrid[0:H, 0:W]


def pattern(band, dtype=np.uint8):
    f = 110 + 60 * np.sin(x * 0.06 * (band + 1)) * np.cos(y * 0.05) + ((x * 7 + y * 3) % 23)
    return f.astype(dtype)


def at(name):
    return os.path.join(folder, name)


def create(name, bands=1, gdt=gdal.GDT_Byte, options=(), place=True, driver="GTiff"):
    ds = gdal.GetDriverByName(driver).Create(at(name), W, H, bands, gdt, list(options))
    if place:
        ds.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
        srs = osr.SpatialReference()
        srs.ImportFromEPSG(32633)
        ds.SetProjection(srs.ExportToWkt())
    dtype = {gdal.GDT_Byte: np.uint8, gdal.GDT_UInt16: np.uint16}.get(gdt, np.float32)
    for b in range(bands):
        ds.GetRasterBand(b + 1).WriteArray(pattern(b, dtype))
    return ds


def place_of(ds):
    """The geotransform, or the one that control points give, and its system."""
    if ds.GetGCPCount() > 0:
        return gdal.GCPsToGeoTransform(ds.GetGCPs()), ds.GetGCPSpatialRef()
    return ds.GetGeoTransform(), ds.GetSpatialRef()


def corners_of(ds):
    """Longitudes and latitudes of the corners by PROJ."""
    (g, srs), degrees = place_of(ds), osr.SpatialReference()
    degrees.ImportFromEPSG(4326)
    for one in (srs, degrees):
        one.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    to = osr.CoordinateTransformation(srs, degrees)
    return [list(to.TransformPoint(g[0] + x * g[1] + y * g[2], g[3] + x * g[4] + y * g[5])[:2])
            for y in (0, ds.RasterYSize) for x in (0, ds.RasterXSize)]


def answer(name, kind, tolerance=0, corners=False, table=False, **more):
    ds = gdal.Open(at(name))
    samples, masks = [], []
    for b in range(ds.RasterCount):
        band = ds.GetRasterBand(b + 1)
        values = band.ReadAsArray()
        samples.append((np.abs(values) if np.iscomplexobj(values) else values).astype(np.float64))
        masks.append(band.GetMaskBand().ReadAsArray())
    np.stack(samples).tofile(at(name + ".bin"))
    np.stack(masks).astype(np.uint8).tofile(at(name + ".mask"))
    band = ds.GetRasterBand(1)
    colours = band.GetColorTable() if table else None
    if colours is not None:
        more["table"] = [list(colours.GetColorEntry(i)) for i in range(colours.GetCount())]
    manifest.append({
        "name": name, "kind": kind, "width": ds.RasterXSize, "height": ds.RasterYSize, "bands": ds.RasterCount,
        "tolerance": tolerance, "overviews": band.GetOverviewCount(), "unit": band.GetUnitType(),
        "geotransform": list(place_of(ds)[0]), "corners": corners_of(ds) if corners else None, **more,
    })


def hole():
    mask = np.full((H, W), 255, np.uint8)
    mask[20:90, 30:120] = 0
    return mask


# JPEG of one to four bands that are bands, not inks.
for count in (1, 2, 3):
    create("jpeg%d.tif" % count, count, options=["COMPRESS=JPEG", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64",
                                                "INTERLEAVE=PIXEL", "ALPHA=NO"]).FlushCache()
    answer("jpeg%d.tif" % count, "JPEG of %d bands" % count, tolerance=1)
create("jpegycc.tif", 3, options=["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "TILED=YES"]).FlushCache()
answer("jpegycc.tif", "JPEG as YCbCr", tolerance=2)

# Beside the file: masks, nodata, overviews.
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "NO")
for name, driver, place in (("msk.tif", "GTiff", True), ("msk.png", "PNG", False)):
    if driver == "PNG":
        gdal.Translate(at(name), at("jpeg1.tif"), format="PNG")
        os.path.exists(at(name + ".aux.xml")) and os.remove(at(name + ".aux.xml"))
    else:
        create(name).FlushCache()
    ds = gdal.Open(at(name), gdal.GA_Update if driver == "GTiff" else gdal.GA_ReadOnly)
    ds.CreateMaskBand(gdal.GMF_PER_DATASET)
    ds.GetRasterBand(1).GetMaskBand().WriteArray(hole())
    ds = None
    answer(name, "a mask beside a %s" % driver)
ds = create("msk-nodata.tif")
ds.GetRasterBand(1).SetNoDataValue(int(pattern(0)[0, 0]))
ds.CreateMaskBand(gdal.GMF_PER_DATASET)
ds.GetRasterBand(1).GetMaskBand().WriteArray(hole())
ds = None
answer("msk-nodata.tif", "a mask beside a file with nodata")
create("pam.tif").FlushCache()
with open(at("pam.tif.aux.xml"), "w") as out:
    out.write('<PAMDataset><PAMRasterBand band="1"><NoDataValue>%d</NoDataValue><UnitType>m</UnitType></PAMRasterBand>'
              "</PAMDataset>" % pattern(0)[0, 0])
answer("pam.tif", "nodata and a unit beside the file")
create("ovr.tif", 2).FlushCache()
ds = gdal.Open(at("ovr.tif"))
ds.BuildOverviews("AVERAGE", [2, 4])
ovr = ds.GetRasterBand(2).GetOverview(1).ReadAsArray()
ds = None
answer("ovr.tif", "overviews beside the file", overview=ovr.astype(int).flatten().tolist())

# Values that stand for nothing.
for text, value in (("-3.4e38", -3.4028234663852886e38), ("0.1", 0.1)):
    name = "nodata%s.tif" % text
    ds = create(name, gdt=gdal.GDT_Float32)
    samples = pattern(0, np.float32)
    samples[10:20] = value
    ds.GetRasterBand(1).WriteArray(samples)
    ds.GetRasterBand(1).SetNoDataValue(value)
    ds = None
    answer(name, "nodata %s of single precision" % text)

kinds_more.add(create, answer, at, pattern)
with open(at("manifest.json"), "w") as out:
    json.dump(manifest, out)
