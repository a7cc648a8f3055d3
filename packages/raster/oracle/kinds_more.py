"""Further kinds of files that readers get wrong in silence, added to those of kinds.py by `add(create, answer, at, pattern)`."""
import os
import struct

import numpy as np
from osgeo import gdal, osr

W, H = 192, 160
X = np.mgrid[0:H, 0:W][1]


def entries(path):
    """The directory of a classic little-endian TIFF: bytes, and by tag where its entry stands, its count and its value."""
    raw = bytearray(open(path, "rb").read())
    first = struct.unpack("<I", raw[4:8])[0]
    count = struct.unpack("<H", raw[first:first + 2])[0]
    found = {}
    for i in range(count):
        place = first + 2 + 12 * i
        tag, _, number, value = struct.unpack("<HHII", raw[place:place + 12])
        found[tag] = (place, number, value)
    return raw, found


def with_nodata(path, text):
    """Puts a text into GDAL's tag of nodata, which is longer than four characters before."""
    raw, found = entries(path)
    place = found[42113][0]
    data = text.encode() + b"\0"
    if len(data) <= 4:
        raw[place + 4:place + 12] = struct.pack("<I", len(data)) + data.ljust(4, b"\0")
    else:
        raw[place + 4:place + 12] = struct.pack("<II", len(data), len(raw))
        raw += data
    open(path, "wb").write(raw)


def from_proj(text):
    srs = osr.SpatialReference()
    srs.ImportFromProj4(text)
    return srs.ExportToWkt()


def values(create, at, answer, pattern):
    for n, (text, value) in enumerate((("-9999 -9999", -9999), ("0x10", 16), ("0,5", 0.5), ("1.#QNAN", np.nan), ("-inf", -np.inf))):
        name = "nodata-text%d.tif" % n
        ds = create(name, gdt=gdal.GDT_Float32)
        ds.GetRasterBand(1).WriteArray(np.where(X < 20, value, pattern(0)).astype(np.float32))
        ds.GetRasterBand(1).SetNoDataValue(12345.678)
        ds = None
        with_nodata(at(name), text)
        answer(name, "nodata that reads %s" % text)
    ds = create("complex-nodata.tif", gdt=gdal.GDT_CFloat32)
    ds.GetRasterBand(1).WriteArray(np.where(X < 20, -9999, pattern(0) * np.exp(0.1j * X)).astype(np.complex64))
    ds.GetRasterBand(1).SetNoDataValue(-9999)
    ds = None
    answer("complex-nodata.tif", "nodata of complex samples", tolerance=1e-4)
    create("plain.tif").FlushCache()
    rectangle = '<%%sRect xOff="0" yOff="0" xSize="%d" ySize="%d"/>' % (W, H)
    for name, table in (("lut.vrt", "0:0,100:50,200:10"), ("lut-nan.vrt", "nan:7,0:0,100:50.5,200:10")):
        with open(at(name), "w") as out:
            out.write('<VRTDataset rasterXSize="%d" rasterYSize="%d"><VRTRasterBand dataType="Float64" band="1"><ComplexSource><SourceFilename '
                      'relativeToVRT="1">plain.tif</SourceFilename><SourceBand>1</SourceBand>%s%s<LUT>%s</LUT></ComplexSource></VRTRasterBand>'
                      "</VRTDataset>" % (W, H, rectangle % "Src", rectangle % "Dst", table))
    # GDAL 3.6 itself is wrong where the table begins with NaN: the same table without that entry says what is due.
    answer("lut.vrt", "a table of values", tolerance=1e-12)


def colours(create, at, answer):
    create("white-is-zero.tif", options=["PHOTOMETRIC=MINISWHITE"]).FlushCache()
    answer("white-is-zero.tif", "white is zero", table=True)
    create("colours-beside.tif").FlushCache()
    with open(at("colours-beside.tif.aux.xml"), "w") as out:
        out.write('<PAMDataset><PAMRasterBand band="1"><ColorInterp>Palette</ColorInterp><ColorTable><Entry c1="0" c2="0" c3="0" c4="255"/>'
                  '<Entry c1="9" c2="2" c3="3" c4="0"/></ColorTable></PAMRasterBand></PAMDataset>')
    answer("colours-beside.tif", "a palette beside the file", table=True)
    create("four.tif", 4).FlushCache()
    gdal.Translate(at("inks.jpg"), at("four.tif"), format="JPEG", creationOptions=["QUALITY=95"])
    answer("inks.jpg", "a JPEG of inks", tolerance=3)


def places(create, at, answer):
    six = "9\r\n3\r\n3\r\n-9\r\n500000\r\n4500000\r\n"
    for ending in ("TIFW", "WLD", "TFW"):
        create("world-%s.tif" % ending, place=False).FlushCache()
        with open(at("world-%s.%s" % (ending, ending)), "w") as out:
            out.write(six)
        answer("world-%s.tif" % ending, "a world file named %s" % ending)
    ds = create("world-crs.tif", place=False)
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    ds.SetProjection(srs.ExportToWkt())
    ds = None
    with open(at("world-crs.tfw"), "w") as out:
        out.write(six)
    answer("world-crs.tif", "a world file beside a TIFF that names its system", corners=True)
    create("negative.tif").FlushCache()
    raw, found = entries(at("negative.tif"))
    raw[found[33550][2] + 8:found[33550][2] + 16] = struct.pack("<d", -10.0)
    open(at("negative.tif"), "wb").write(raw)
    answer("negative.tif", "a negative scale of y")
    create("arcgis.tif", place=False).FlushCache()
    numbers = lambda name, *all: "<%s>%s</%s>" % (name, "".join("<Double>%r</Double>" % v for v in all), name)
    with open(at("arcgis.tif.aux.xml"), "w") as out:
        srs.MorphToESRI()
        out.write('<PAMDataset><Metadata domain="xml:ESRI" format="xml"><GeodataXform xsi:type="typens:PolynomialXform"><PolynomialOrder>1</PolynomialOrder><SpatialReference>'
                  "<WKT>%s</WKT><WKID>32633</WKID></SpatialReference>%s%s</GeodataXform></Metadata></PAMDataset>" % (
                      srs.ExportToWkt(), numbers("SourceGCPs", 0, 0, W, 0, 0, -H),
                      numbers("TargetGCPs", 500000, 4500000, 500000 + 10 * W, 4500000, 500000, 4500000 - 10 * H)))
    answer("arcgis.tif", "control points of ArcGIS", corners=True)
    systems = {
        "grads from Paris": ("+proj=lcc +lat_1=46.5 +lat_0=46.5 +lon_0=2 +k_0=0.99987742 +x_0=600000 +y_0=200000 +ellps=clrk80ign +pm=paris "
                             "+towgs84=-168,-60,320", 600000, 200000, 1),
        "chains": ("+proj=tmerc +lat_0=0 +lon_0=15 +k=1 +x_0=500000 +y_0=0 +ellps=intl +towgs84=-87,-98,-121 +to_meter=20.1168", 500000, 4500000, 20.1168),
        "Clarke's feet": ("+proj=tmerc +lat_0=0 +lon_0=15 +k=1 +x_0=500000 +y_0=0 +ellps=intl +towgs84=-87,-98,-121 +to_meter=0.3047972654", 500000, 4500000, 0.3047972654),
    }
    geographic = osr.SpatialReference()
    geographic.ImportFromEPSG(4230)
    own = osr.SpatialReference()
    own.CopyGeogCSFrom(geographic)
    own.SetProjCS("mine")
    own.SetTM(0, 12, 0.9996, 500000, 0)
    wkts = {name: (from_proj(text), x, y, unit) for name, (text, x, y, unit) in systems.items()}
    wkts["a projection of one's own over ED50"] = (own.ExportToWkt(), 600000, 5000000, 1)
    for n, (kind, (wkt, x, y, unit)) in enumerate(wkts.items()):
        ds = create("keys%d.tif" % n, place=False)
        ds.SetGeoTransform((x / unit, 10 / unit, 0, y / unit, 0, -10 / unit))
        ds.SetProjection(wkt)
        ds = None
        answer("keys%d.tif" % n, "geokeys of %s" % kind, corners=True)


def envi(at, answer):
    header = ("ENVI\nsamples = %d\nlines = %d\nbands = 1\nheader offset = 0\nfile type = ENVI Standard\ndata type = 1\ninterleave = bsq\n"
              "byte order = 0\n" % (W, H))
    for name, lines in (
        ("north", "map info = {UTM, 1, 1, 500000.0, 4500000.0, 10.0, 10.0, 33, North, WGS-84, rotation=180}\n"),
        ("projection", "map info = {LCC, 1, 1, 100000, 200000, 10, 10, WGS-84, units=Meters}\nprojection info = {4, 6378137.0, 6356752.3, 46.5, 3.0, "
                       "700000.0, 6600000.0, 44.0, 49.0, WGS-84, LCC, units=Meters}\n"),
        ("points", "geo points = {\n 1.0, 1.0, 45.0, 10.0,\n 193.0, 1.0, 45.0, 11.0,\n 1.0, 161.0, 44.0, 10.0,\n 193.0, 161.0, 44.0, 11.0}\n"),
    ):
        with open(at(name + ".dat"), "wb") as out:
            out.write((X % 251).astype(np.uint8).tobytes())
        with open(at(name + ".hdr"), "w") as out:
            out.write(header + lines)
        answer(name + ".dat", "ENVI by %s" % name, corners=name == "projection")


def add(create, answer, at, pattern):
    values(create, at, answer, pattern)
    colours(create, at, answer)
    places(create, at, answer)
    envi(at, answer)
