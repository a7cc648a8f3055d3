"""Makes a file of every kind that people have, each of the same ground, with what GDAL and PROJ say of it.

usage: python3 file_kinds.py FOLDER
`manifest.json` says by kind what is to be opened, what GDAL reads (`NAME.samples`, `NAME.masks`: float64 and bytes, bands
one after the other), how GDAL warps it (`NAME.warped`: values and validity) and where its pixels truly lie.
"""
import os
import sys

import numpy as np
from osgeo import gdal

from file_kinds_products import landsat, sentinel1, sentinel2
from file_kinds_scene import METRES, WRONG, Ground, answers, apply, centres, create, crs, moved, save, shifted

folder = sys.argv[1]
manifest = {}
UTM = "EPSG:32633"
utm = Ground(folder, "reference.tif", UTM, 500000, 4500000)
dutch = Ground(folder, "reference-nl.tif", "EPSG:25831", 680000, 5780000)
british = Ground(folder, "reference-gb.tif", "EPSG:32630", 600000, 5700000)
W, H = 144, 136
# The true place of sensed images in the reference's system.
PLACE = (500110, METRES, 0, 4499890, 0, -METRES)


def at(*parts):
    path = os.path.join(folder, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def view(place=PLACE, system=UTM, ground=utm, size=(W, H)):
    """Grey values on a grid."""
    return ground.seen(*moved(crs(system), ground.system, *apply(place, *centres(*size))))


def kind(name, path, place=PLACE, system=UTM, ground=utm, size=(W, H), opened=None, gdal_opens=None, band=None, warp={},
         to_map=None, keep=None):
    """Notes a kind whose pixels truly lie at `place`."""
    found = answers(folder, name, gdal_opens if gdal_opens is not None else path, ground, warp)
    truth = ground.truth(to_map or (lambda x, y: apply(place, x, y)), crs(system), size)
    manifest[name] = {"path": opened or path, "band": band, "reference": ground.reference, "truth": truth, **found,
                      **(keep or {})}


def tiff(name, bands, gdt=gdal.GDT_Byte, options=(), place=PLACE, system=UTM, wrong=WRONG, before=None):
    """A GeoTIFF whose georeference is wrong by `wrong`, in units of its system."""
    path = at(name + ".tif")
    ds = create(path, bands, gdt, options=options)
    ds.SetGeoTransform(shifted(place, *wrong))
    ds.SetSpatialRef(crs(system))
    if before:
        before(ds)
    ds = None
    return path


def degrees(metres_east, metres_north, lat):
    return metres_east / (111320 * np.cos(np.radians(lat))), metres_north / 111132


byte = view()
short = (byte * 40).astype(np.uint16)

# Systems.
x0, y0 = moved(dutch.system, crs("EPSG:28992"), np.array([680110.0]), np.array([5779890.0]))
place = (float(x0[0]), METRES, 0, float(y0[0]), 0, -METRES)
kind("system of a rotated datum (EPSG:28992)", tiff("rd", [view(place, "EPSG:28992", dutch)], place=place, system="EPSG:28992"),
     place, "EPSG:28992", dutch)
x0, y0 = moved(british.system, crs("EPSG:27700"), np.array([600110.0]), np.array([5699890.0]))
place = (float(x0[0]), METRES, 0, float(y0[0]), 0, -METRES)
kind("datum that a grid file shifts (EPSG:27700)", tiff("gb", [view(place, "EPSG:27700", british)], place=place, system="EPSG:27700"),
     place, "EPSG:27700", british, warp=None)
compound = "EPSG:32633+5773"
# GDAL would take grey values for heights.
kind("compound system", tiff("compound", [byte], system=compound), warp={"options": ["-novshift"]})
MOLL = "ESRI:54009"
x0, y0 = moved(utm.system, crs(MOLL), np.array([500110.0]), np.array([4499890.0]))
place = (float(x0[0]), METRES, 0, float(y0[0]), 0, -METRES)
kind("Mollweide", tiff("moll", [view(place, MOLL)], place=place, system=MOLL), place, MOLL)
lon, lat = moved(utm.system, crs("EPSG:4326"), np.array([500110.0]), np.array([4499890.0]))
step = degrees(METRES, METRES, float(lat[0]))
place = (float(lon[0]), step[0], 0, float(lat[0]), 0, -step[1])
turned = (place[0] - 360,) + place[1:]
kind("longitudes a turn away", tiff("lon", [view(place, "EPSG:4326")], place=turned, system="EPSG:4326",
                                    wrong=degrees(*WRONG, float(lat[0]))), place, "EPSG:4326", warp=None)
# Georeferences.
upside = (PLACE[0], METRES, 0, PLACE[3] - H * METRES, 0, METRES)
kind("rows that run north", tiff("south-up", [view(upside)], place=upside), upside)
turn = (500900, 8, 5, 4499200 + 600, 5, -8)
kind("turned by its geotransform", tiff("turned", [view(turn, size=(120, 110))], place=turn), turn, size=(120, 110))
west = (PLACE[0] + W * METRES, -METRES, 0, PLACE[3], 0, -METRES)


def control_points(to_map, system):
    points = [(x, y) for y in np.linspace(0, H, 7) for x in np.linspace(0, W, 7)]
    x, y = np.array(points).T
    east, north = to_map(x, y)
    return [gdal.GCP(float(e) + WRONG[0], float(n) + WRONG[1], 0, float(p), float(l)) for e, n, p, l in zip(east, north, x, y)]


path = at("mirrored.tif")
ds = create(path, [view(west)], gdal.GDT_Byte)
ds.SetGCPs(control_points(lambda x, y: apply(west, x, y), UTM), crs(UTM))
ds = None
kind("control points whose columns run west", path, west, warp={"polynomialOrder": 1})


def bent(x, y):
    e, n = apply(PLACE, x, y)
    return e + 90 * np.sin(np.pi * y / H), n + 70 * np.cos(np.pi * x / W)


path = at("bent.tif")
ds = create(path, [utm.seen(*bent(*centres(W, H)))], gdal.GDT_Byte)
ds.SetGCPs(control_points(bent, UTM), crs(UTM))
ds = None
kind("control points that bend", path, to_map=bent, warp={"tps": True})

# Samples.
single = byte.astype(np.float32)
single[20, 30], single[60, 70] = -np.inf, np.float32(-3.4028234663852886e38)
kind("single pixels that are not finite", tiff("infinite", [single], gdal.GDT_Float32), warp=None)
kind("JPEG of four bands", tiff("jpeg4", [byte, byte * 0.8 + 20, 255 - byte, byte], options=[
    "COMPRESS=JPEG", "JPEG_QUALITY=95", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "INTERLEAVE=PIXEL", "ALPHA=NO"]))
kind("nodata that the type cannot hold", tiff("impossible", [byte], before=lambda d: d.GetRasterBand(1).SetNoDataValue(-9999)))
big = byte.astype(np.float32)
big[40:60, 50:90] = 1e20
kind("nodata 1e20 through single precision", tiff("big", [big], gdal.GDT_Float32,
                                                  before=lambda d: d.GetRasterBand(1).SetNoDataValue(1e20)))


def near_infrared(ds):
    ds.GetRasterBand(4).SetColorInterpretation(gdal.GCI_Undefined)


infrared = byte.copy()
infrared[10:40] = 0
kind("red, green, blue and near infrared", tiff("rgbn", [byte, byte, byte, infrared],
                                                options=["PHOTOMETRIC=RGB", "ALPHA=YES"], before=near_infrared))


def blue_first(ds):
    for i, meaning in enumerate((gdal.GCI_BlueBand, gdal.GCI_GreenBand, gdal.GCI_RedBand)):
        ds.GetRasterBand(i + 1).SetColorInterpretation(meaning)


kind("blue, green, red", tiff("bgr", [byte, byte, byte], before=blue_first))
table = gdal.ColorTable()
for i in range(256):
    table.SetColorEntry(i, (i, 255 - i, i // 2, 255))
kind("palette", tiff("palette", [byte], before=lambda d: d.GetRasterBand(1).SetColorTable(table)), keep={"palette": True})
phase = np.exp(1j * 0.3 * np.arange(W)[None, :])
kind("complex radar", tiff("complex", [byte * phase], gdal.GDT_CFloat32), warp=None)

# Beside the file.
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "NO")
path = tiff("beside", [byte])
ds = gdal.Open(path, gdal.GA_Update)
ds.CreateMaskBand(gdal.GMF_PER_DATASET)
hole = np.full((H, W), 255, np.uint8)
hole[30:70, 40:100] = 0
ds.GetRasterBand(1).GetMaskBand().WriteArray(hole)
ds = None
gdal.Open(path).BuildOverviews("AVERAGE", [2])
kind("mask and overviews beside the file", path)
path = tiff("pam", [byte])
with open(path + ".aux.xml", "w") as out:
    out.write('<PAMDataset><PAMRasterBand band="1"><NoDataValue>%d</NoDataValue></PAMRasterBand></PAMDataset>' % byte.astype(np.uint8)[0, 0])
kind("nodata beside the file", path)
POLAR = "EPSG:3413"
polar = Ground(folder, "reference-polar.tif", POLAR, 500000, -1500000)
place = (500110, METRES, 0, -1500110, 0, -METRES)
path = at("world.png")
gdal.GetDriverByName("PNG").CreateCopy(path, create("", [view(place, POLAR, polar)], gdal.GDT_Byte, "MEM"))
g = shifted(place, *WRONG)
with open(at("world.PGW"), "w") as out:
    out.write("\r\n".join(repr(float(v)) for v in (g[1], g[4], g[2], g[5], g[0] + g[1] / 2, g[3] + g[5] / 2)))
esri = crs(POLAR)
esri.MorphToESRI()
with open(at("world.prj"), "wb") as out:
    out.write(b"\xef\xbb\xbf" + esri.ExportToWkt().encode())
# GDAL reads no .prj of a PNG: the same place is told to it.
told = gdal.Translate("", path, format="MEM", outputBounds=[g[0], g[3], g[0] + W * g[1], g[3] + H * g[5]], outputSRS=POLAR)
kind("world file with ESRI's .prj", path, place, POLAR, polar, gdal_opens=told)

# JPEG 2000 and others.
JP2 = ["REVERSIBLE=YES", "QUALITY=100", "BLOCKXSIZE=64", "BLOCKYSIZE=96"]
path = at("tiles.jp2")
gdal.Translate(path, tiff("for-jp2", [short], gdal.GDT_UInt16), format="JP2OpenJPEG", creationOptions=JP2)
kind("JPEG 2000 of 16 bits in odd tiles", path, keep={"anyOverviews": True})
path = at("palette.jp2")
gdal.Translate(path, at("palette.tif"), format="JP2OpenJPEG", creationOptions=["REVERSIBLE=YES", "QUALITY=100"])
kind("JPEG 2000 with a palette", path, keep={"palette": True, "anyOverviews": True})
path = at("inks.jpg")
gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
masked = tiff("for-mask", [byte])
ds = gdal.Open(masked, gdal.GA_Update)
ds.CreateMaskBand(gdal.GMF_PER_DATASET)
ds.GetRasterBand(1).GetMaskBand().WriteArray(hole)
ds = None
gdal.Translate(path, masked, format="JPEG", creationOptions=["INTERNAL_MASK=YES", "QUALITY=95", "WORLDFILE=YES"])
kind("JPEG with GDAL's mask", path)
path = at("scene.dat")
ds = create(path, [short, short + 5, short + 9], gdal.GDT_UInt16, "ENVI", ["INTERLEAVE=BIL"])
ds.SetGeoTransform(shifted(PLACE, *WRONG))
ds.SetSpatialRef(crs(UTM))
ds = None
kind("ENVI by its header", path, opened=at("scene.hdr"))
inner, outer = at("inner.vrt"), at("sub", "outer.vrt")
gdal.Translate(inner, at("for-jp2.tif"), format="VRT", scaleParams=[[0, 10200, 0, 255]], outputType=gdal.GDT_Byte)
here = os.getcwd()
os.chdir(at("sub"))
gdal.BuildVRT("outer.vrt", ["../inner.vrt"])
os.chdir(here)
kind("VRT of a VRT, scaled", outer)

for name, driver, path, options in (("NetCDF, classic", "netCDF", at("classic.nc"), ["FORMAT=NC"]),
                                    ("NetCDF-4", "netCDF", at("four.nc"), ["FORMAT=NC4", "COMPRESS=DEFLATE"]),
                                    ("Zarr", "Zarr", at("store.zarr"), ["COMPRESS=BLOSC", "BLOCKSIZE=40,50"])):
    signed = tiff("for-" + os.path.basename(path), [short.astype(np.int16)], gdal.GDT_Int16)
    gdal.Translate(path, signed, format=driver, creationOptions=options)
    kind(name, path, warp=None if driver == "Zarr" else {})

# RPCs: line and sample by latitude and longitude, fitted to where the image truly lies.
x, y = [v.ravel() for v in np.meshgrid(np.linspace(0, W, 9), np.linspace(0, H, 9))]
east, north = apply(PLACE, x, y)
lon, lat = moved(utm.system, crs("EPSG:4326"), east + WRONG[0], north + WRONG[1])
offsets = [H / 2, W / 2, lat.mean(), lon.mean(), 100.0]
scales = [H / 2, W / 2, np.ptp(lat) / 2, np.ptp(lon) / 2, 500.0]
p, l = (lat - offsets[2]) / scales[2], (lon - offsets[3]) / scales[3]
terms = np.column_stack([np.ones_like(p), l, p, l * p, l * l, p * p])
places = [0, 1, 2, 4, 7, 8]


def numerator(values):
    out = np.zeros(20)
    # RPCs count from the centre of the first pixel.
    out[places] = np.linalg.lstsq(terms, values, rcond=None)[0]
    return " ".join("%.15g" % v for v in out)


one = "1" + " 0" * 19
rpc = dict(zip(["LINE_OFF", "SAMP_OFF", "LAT_OFF", "LONG_OFF", "HEIGHT_OFF"], map(repr, map(float, offsets))))
rpc.update(zip(["LINE_SCALE", "SAMP_SCALE", "LAT_SCALE", "LONG_SCALE", "HEIGHT_SCALE"], map(repr, map(float, scales))))
rpc.update(LINE_NUM_COEFF=numerator((y - 0.5 - offsets[0]) / scales[0]), LINE_DEN_COEFF=one,
           SAMP_NUM_COEFF=numerator((x - 0.5 - offsets[1]) / scales[1]), SAMP_DEN_COEFF=one)
path = at("rpc.tif")
ds = create(path, [byte], gdal.GDT_Byte)
ds.SetMetadata(rpc, "RPC")
ds = None
kind("RPCs", path, warp={"rpc": True}, keep={"placedByRpc": True})

# Products.
sentinel2(kind, at, view, PLACE)
sentinel1(kind, at, utm)
landsat(kind, at, view, PLACE)
save(folder, manifest)
