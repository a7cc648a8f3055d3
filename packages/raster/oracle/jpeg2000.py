"""Writes JPEG 2000 files of several kinds by GDAL's OpenJPEG driver, and beside each what that reads from them.

usage: python3 jpeg2000.py FOLDER
For `NAME.jp2`, `NAME.LEVEL.bin` holds float64 samples of each resolution, bands one after the other.
"""
import json
import sys

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]
W, H = 700, 460
y, x = np.mgrid[0:H, 0:W]
driver = gdal.GetDriverByName("JP2OpenJPEG")
manifest = []


def write(name, bands, gdt, options, epsg=32633, geotransform=(500000, 10, 0, 4500000, 0, -10), tolerance=0):
    memory = gdal.GetDriverByName("MEM").Create("", W, H, bands, gdt)
    memory.SetGeoTransform(geotransform)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(epsg)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    memory.SetSpatialRef(srs)
    for b in range(bands):
        f = 120 + 80 * np.sin(x * 0.03 * (b + 1)) * np.cos(y * 0.02) + ((x * 7 + y * 3) % 37)
        scale = {gdal.GDT_Byte: 1, gdal.GDT_UInt16: 40, gdal.GDT_Int16: 40}[gdt]
        f = f * scale - (5000 if gdt == gdal.GDT_Int16 else 0)
        memory.GetRasterBand(b + 1).WriteArray(f.astype({1: np.uint8, 2: np.uint16, 3: np.int16}[gdt]))
    if name == "gmljp2":
        for b, colour in enumerate((gdal.GCI_RedBand, gdal.GCI_GreenBand, gdal.GCI_BlueBand)):
            memory.GetRasterBand(b + 1).SetColorInterpretation(colour)
    path = "%s/%s.jp2" % (folder, name)
    driver.CreateCopy(path, memory, options=options)
    ds = gdal.Open(path)
    levels = ds.GetRasterBand(1).GetOverviewCount() + 1
    for level in range(levels):
        bands_of = [ds.GetRasterBand(b + 1) for b in range(bands)]
        if level:
            bands_of = [band.GetOverview(level - 1) for band in bands_of]
        np.stack([band.ReadAsArray().astype(np.float64) for band in bands_of]).tofile("%s/%s.%d.bin" % (folder, name, level))
    manifest.append({
        "name": name, "bands": bands, "levels": levels, "tolerance": tolerance, "epsg": epsg,
        "geotransform": list(ds.GetGeoTransform()),
        "colours": [gdal.GetColorInterpretationName(ds.GetRasterBand(b + 1).GetColorInterpretation()).lower() for b in range(bands)],
    })


lossless = ["QUALITY=100", "REVERSIBLE=YES", "RESOLUTIONS=4"]
tiles = lambda size: ["BLOCKXSIZE=%d" % size, "BLOCKYSIZE=%d" % size]
write("geojp2", 1, gdal.GDT_UInt16, lossless + tiles(256) + ["GMLJP2=NO"])
write("gmljp2", 3, gdal.GDT_Byte, lossless + tiles(256) + ["GeoJP2=NO"])
write("degrees", 1, gdal.GDT_Int16, lossless + tiles(512) + ["GeoJP2=NO"], 4326, (15, 1e-4, 0, 40, 0, -1e-4))
write("odd-tiles", 1, gdal.GDT_UInt16, lossless + tiles(150))
write("one-tile", 3, gdal.GDT_Byte, lossless + tiles(1024))
write("lossy", 3, gdal.GDT_Byte, ["QUALITY=30", "RESOLUTIONS=4"] + tiles(256), tolerance=1)
with open("%s/manifest.json" % folder, "w") as out:
    json.dump(manifest, out)
