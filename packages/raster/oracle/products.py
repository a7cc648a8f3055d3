"""Makes small products of Sentinel-2, Landsat and Sentinel-1 as their agencies lay them out, and what GDAL reads from them.

usage: python3 products.py FOLDER
Prints one JSON document; `NAME.bin` holds float64 samples of a band.
"""
import json
import math
import os
import sys
import zipfile

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
folder = sys.argv[1]


def at(*parts):
    path = os.path.join(folder, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    return path


def wkt(code):
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(code)
    return srs.ExportToWkt()


def pattern(size, seed):
    y, x = np.mgrid[0:size, 0:size] / size
    return (1500 + 900 * np.sin(x * 17 * (1 + 0.1 * seed)) * np.cos(y * 13) + 50 * seed).astype(np.uint16)


def write(path, values, metres, driver="GTiff", epsg=32632, options=()):
    bands = values if values.ndim == 3 else values[None]
    mem = gdal.GetDriverByName("MEM").Create("", bands.shape[2], bands.shape[1], bands.shape[0],
                                             gdal.GDT_Byte if bands.dtype == np.uint8 else gdal.GDT_UInt16)
    mem.SetGeoTransform((600000, metres, 0, 5000040, 0, -metres))
    mem.SetProjection(wkt(epsg))
    for b in range(bands.shape[0]):
        mem.GetRasterBand(b + 1).WriteArray(bands[b])
    gdal.GetDriverByName(driver).CreateCopy(path, mem, options=list(options))
    if os.path.exists(path + ".aux.xml"):
        os.remove(path + ".aux.xml")


def due(name, path, band=1):
    ds = gdal.Open(path)
    ds.GetRasterBand(band).ReadAsArray().astype(np.float64).tofile(at(name + ".bin"))
    return list(ds.GetGeoTransform())


out = {}

# Sentinel-2, level 2A.
jp2 = ["QUALITY=100", "REVERSIBLE=YES", "BLOCKXSIZE=256", "BLOCKYSIZE=256", "RESOLUTIONS=4", "YCBCR420=NO"]
safe = "S2A_MSIL2A_20230601T103631_N0509_R008_T32TQM_20230601T164000.SAFE"
granule = "GRANULE/L2A_T32TQM_A041471_20230601T104106"
files = []
for metres, bands in ((10, ["B02", "B03", "B04", "B08"]), (20, ["B02", "B05", "B8A", "B11", "SCL"]), (60, ["B01", "B02"])):
    for n, band in enumerate(bands):
        image = "%s/IMG_DATA/R%dm/T32TQM_20230601T103631_%s_%dm" % (granule, metres, band, metres)
        files.append(image)
        size = 600 * 10 // metres
        values = pattern(size, n) if band != "SCL" else (pattern(size, n) % 12).astype(np.uint8)
        write(at(safe, image + ".jp2"), values, metres, "JP2OpenJPEG", options=jp2)
image = "%s/IMG_DATA/R10m/T32TQM_20230601T103631_TCI_10m" % granule
files.append(image)
tci = np.stack([(pattern(600, n) // 12).astype(np.uint8) for n in range(3)])
write(at(safe, image + ".jp2"), tci, 10, "JP2OpenJPEG", options=jp2)
with open(at(safe, "MTD_MSIL2A.xml"), "w") as f:
    f.write('<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<n1:Level-2A_User_Product '
            'xmlns:n1="https://psd-14.sentinel2.eo.esa.int/PSD/User_Product_Level-2A.xsd">'
            "<n1:General_Info><Product_Info><PRODUCT_START_TIME>2023-06-01T10:36:31.024Z</PRODUCT_START_TIME>"
            "<PROCESSING_LEVEL>Level-2A</PROCESSING_LEVEL><Product_Organisation><Granule_List><Granule "
            'imageFormat="JPEG2000">%s</Granule></Granule_List></Product_Organisation></Product_Info>'
            "<Product_Image_Characteristics><QUANTIFICATION_VALUES_LIST><BOA_QUANTIFICATION_VALUE unit=\"none\">10000"
            "</BOA_QUANTIFICATION_VALUE></QUANTIFICATION_VALUES_LIST><BOA_ADD_OFFSET_VALUES_LIST>%s"
            "</BOA_ADD_OFFSET_VALUES_LIST></Product_Image_Characteristics></n1:General_Info></n1:Level-2A_User_Product>"
            % ("".join("<IMAGE_FILE>%s</IMAGE_FILE>" % f for f in files),
               "".join('<BOA_ADD_OFFSET band_id="%d">-1000</BOA_ADD_OFFSET>' % b for b in range(13))))
out["sentinel2"] = {"path": safe}
for key, band, metres in (("B04", "B04", 10), ("B11", "B11", 20), ("B01", "B01", 60), ("SCL", "SCL", 20)):
    path = at(safe, "%s/IMG_DATA/R%dm/T32TQM_20230601T103631_%s_%dm.jp2" % (granule, metres, band, metres))
    out["sentinel2"][key] = due("s2-" + key, path)
# As GDAL stretches a coarser band onto the grid of 10 m.
gdal.BuildVRT(at("b11-10m.vrt"), [at(safe, "%s/IMG_DATA/R20m/T32TQM_20230601T103631_B11_20m.jp2" % granule)],
              resolution="user", xRes=10, yRes=10).FlushCache()
due("s2-B11-10m", at("b11-10m.vrt"))
for name, method in (("stored.zip", zipfile.ZIP_STORED), ("deflated.zip", zipfile.ZIP_DEFLATED)):
    with zipfile.ZipFile(at(name), "w", method) as archive:
        for root, _, names in os.walk(at(safe, "")):
            for n in names:
                path = os.path.join(root, n)
                archive.write(path, os.path.relpath(path, folder))

# Landsat Collection 2, level 2.
scene = "LC09_L2SP_193029_20230601_20230603_02_T1"
lines = ["GROUP = LANDSAT_METADATA_FILE", "  GROUP = PRODUCT_CONTENTS", '    LANDSAT_PRODUCT_ID = "%s"' % scene,
         '    PROCESSING_LEVEL = "L2SP"']
for n in range(1, 8):
    name = "%s_SR_B%d.TIF" % (scene, n)
    write(at(scene, name), pattern(200, n), 30)
    lines.append('    FILE_NAME_BAND_%d = "%s"' % (n, name))
write(at(scene, scene + "_ST_B10.TIF"), pattern(200, 9), 30)
write(at(scene, scene + "_QA_PIXEL.TIF"), pattern(200, 0) % 4, 30)
lines += ['    FILE_NAME_BAND_ST_B10 = "%s_ST_B10.TIF"' % scene, '    FILE_NAME_QUALITY_L1_PIXEL = "%s_QA_PIXEL.TIF"' % scene,
          '    FILE_NAME_ANGLE_COEFFICIENT = "%s_ANG.txt"' % scene, "  END_GROUP = PRODUCT_CONTENTS",
          "  GROUP = IMAGE_ATTRIBUTES", '    SPACECRAFT_ID = "LANDSAT_9"', "  END_GROUP = IMAGE_ATTRIBUTES",
          "  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS"]
lines += ["    REFLECTANCE_MULT_BAND_%d = 2.75e-05" % n for n in range(1, 8)]
lines += ["    REFLECTANCE_ADD_BAND_%d = -0.2" % n for n in range(1, 8)]
lines += ["  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS", "  GROUP = LEVEL2_SURFACE_TEMPERATURE_PARAMETERS",
          "    TEMPERATURE_MULT_BAND_ST_B10 = 0.00341802", "    TEMPERATURE_ADD_BAND_ST_B10 = 149.0",
          "  END_GROUP = LEVEL2_SURFACE_TEMPERATURE_PARAMETERS", "  GROUP = LEVEL1_PROCESSING_RECORD",
          '    FILE_NAME_BAND_1 = "LC09_L1TP_B1.TIF"', "  END_GROUP = LEVEL1_PROCESSING_RECORD",
          "  GROUP = LEVEL1_RADIOMETRIC_RESCALING", "    REFLECTANCE_MULT_BAND_1 = 2.0000E-05",
          "  END_GROUP = LEVEL1_RADIOMETRIC_RESCALING", "END_GROUP = LANDSAT_METADATA_FILE", "END"]
with open(at(scene, scene + "_MTL.txt"), "w") as f:
    f.write("\n".join(lines) + "\n")
# Level 1 has a panchromatic band of a finer grid; its description as XML.
pan = "LC08_L1TP_193029_20200601_20200824_02_T1"
xml = ['<?xml version="1.0" encoding="UTF-8"?>', "<LANDSAT_METADATA_FILE>", "  <PRODUCT_CONTENTS>"]
for n in (2, 3, 4, 8):
    write(at(pan, "%s_B%d.TIF" % (pan, n)), pattern(400 if n == 8 else 200, n), 15 if n == 8 else 30)
    xml.append("    <FILE_NAME_BAND_%d>%s_B%d.TIF</FILE_NAME_BAND_%d>" % (n, pan, n, n))
xml += ["  </PRODUCT_CONTENTS>", "  <IMAGE_ATTRIBUTES>", "    <SPACECRAFT_ID>LANDSAT_8</SPACECRAFT_ID>",
        "  </IMAGE_ATTRIBUTES>", "</LANDSAT_METADATA_FILE>"]
with open(at(pan, pan + "_MTL.xml"), "w") as f:
    f.write("\n".join(xml) + "\n")
out["landsat"] = {"path": scene, "pan": pan, "B4": due("l-B4", at(scene, scene + "_SR_B4.TIF")),
                  "B8": due("l-B8", at(pan, pan + "_B8.TIF"))}

# Sentinel-1 GRD: the geolocation grid of a pass that bends.
grd = "S1A_IW_GRDH_1SDV_20200101T053000_20200101T053025_030600_038180_ABCD.SAFE"
W, H = 500, 400
points = []
for line in range(0, H + 1, 80):
    for pixel in range(0, W + 1, 100):
        p, l = min(pixel, W - 1), min(line, H - 1)
        lon = 12 + 9e-5 * p - 2e-5 * l + 4e-9 * p * p
        lat = 45 - 1.5e-5 * p - 8.5e-5 * l + 3e-9 * p * l
        points.append((l, p, lat, lon))
manifest = ['<?xml version="1.0" encoding="UTF-8"?>\n<xfdu:XFDU xmlns:xfdu="urn:ccsds:schema:xfdu:1" '
            'version="esa/safe/sentinel-1.0/sentinel-1/sar/level-1/slc/standard/iwdp"><metadataSection>'
            '<metadataObject ID="platform"><metadataWrap><xmlData><safe:platform><safe:familyName>SENTINEL-1'
            "</safe:familyName></safe:platform></xmlData></metadataWrap></metadataObject>@DMD@</metadataSection><dataObjectSection>"]
units, descriptions = [], []
# Gains begin before the first line and end before the last.
GAIN_LINES, GAIN_PIXELS = [-60, 75, 210, 345], [0, 40, 80, 120, 240, 360, 480]
GAINS = [[float("%.6e" % (300 + 0.2 * p + 5 * np.sin(p / 70.0) + 0.1 * l)) for p in GAIN_PIXELS] for l in GAIN_LINES]
rng = np.random.default_rng(1)
for n, pol in enumerate(("vh", "vv")):
    stem = "s1a-iw-grd-%s-20200101t053000-20200101t053025-030600-038180-00%d" % (pol, n + 1)
    ds = gdal.GetDriverByName("GTiff").Create(at(grd, "measurement", stem + ".tiff"), W, H, 1, gdal.GDT_UInt16)
    values = rng.integers(1, 500, (H, W)).astype(np.uint16)
    values[5:9, 11:30] = 0
    ds.GetRasterBand(1).WriteArray(values)
    ds = None
    with open(at(grd, "annotation", stem + ".xml"), "w") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<product><adsHeader><polarisation>%s</polarisation></adsHeader>'
                "<imageAnnotation><imageInformation><pixelValue>Detected</pixelValue><outputPixels>16 bit Unsigned Integer</outputPixels><numberOfSamples>%d</numberOfSamples><numberOfLines>%d</numberOfLines>"
                "</imageInformation></imageAnnotation><geolocationGrid><geolocationGridPointList>%s"
                "</geolocationGridPointList></geolocationGrid></product>" % (pol.upper(), W, H, "".join(
                    "<geolocationGridPoint><azimuthTime>2020-01-01T05:30:00</azimuthTime><line>%d</line><pixel>%d</pixel>"
                    "<latitude>%.9f</latitude><longitude>%.9f</longitude><height>10.0</height></geolocationGridPoint>"
                    % p for p in points)))
    units.append('<xfdu:contentUnit unitType="Measurement Data Unit" repID="s1Level1MeasurementSchema" '
                 'dmdID="d%s c%s"><dataObjectPointer dataObjectID="%s"/></xfdu:contentUnit>' % (stem, stem, stem))
    descriptions.append('<metadataObject ID="d%s" classification="DESCRIPTION" category="DMD"><dataObjectPointer '
                        'dataObjectID="a%s"/></metadataObject>' % (stem, stem))
    # GDAL wants a calibration too.
    descriptions.append('<metadataObject ID="c%s" classification="DESCRIPTION" category="DMD"><dataObjectPointer '
                        'dataObjectID="k%s"/></metadataObject>' % (stem, stem))
    with open(at(grd, "annotation/calibration", "calibration-%s.xml" % stem), "w") as f:
        f.write("<calibration><calibrationVectorList>%s</calibrationVectorList></calibration>" % "".join(
            "<calibrationVector><azimuthTime>2020-01-01T05:30:00</azimuthTime><line>%d</line><pixel count=\"%d\">%s</pixel>"
            "<sigmaNought count=\"%d\">%s</sigmaNought></calibrationVector>"
            % (line, len(GAIN_PIXELS), " ".join(map(str, GAIN_PIXELS)), len(gains), " ".join("%.6e" % g for g in gains))
            for line, gains in zip(GAIN_LINES, GAINS)))
    manifest.append('<dataObject ID="k%s" repID="s1Level1CalibrationSchema"><byteStream mimeType="text/xml"><fileLocation '
                    'locatorType="URL" href="./annotation/calibration/calibration-%s.xml"/></byteStream></dataObject>'
                    % (stem, stem))
    manifest.append('<dataObject ID="%s" repID="s1Level1MeasurementSchema"><byteStream mimeType="application/octet-stream">'
                    '<fileLocation locatorType="URL" href="./measurement/%s.tiff"/></byteStream></dataObject>' % (stem, stem))
    manifest.append('<dataObject ID="a%s" repID="s1Level1ProductSchema"><byteStream mimeType="text/xml">'
                    '<fileLocation locatorType="URL" href="./annotation/%s.xml"/></byteStream></dataObject>' % (stem, stem))
manifest.append("</dataObjectSection></xfdu:XFDU>")
manifest[0] = manifest[0].replace("@DMD@", "".join(descriptions)).replace(
    "<metadataSection>", '<informationPackageMap><xfdu:contentUnit unitType="SAFE Archive Information Package" '
    'textInfo="Sentinel-1 IW Level-1 GRD Product">%s</xfdu:contentUnit></informationPackageMap><metadataSection>'
    % "".join(units))
with open(at(grd, "manifest.safe"), "w") as f:
    f.write("".join(manifest))
out["sentinel1"] = {"path": grd}
rows = np.array([np.interp(np.arange(W), GAIN_PIXELS, g) for g in GAINS])
gain = np.array([[np.interp(l, GAIN_LINES, rows[:, p]) for p in range(W)] for l in range(H)])
dn = gdal.Open(at(grd, "measurement", stem + ".tiff")).ReadAsArray().astype(np.float64)
((dn / gain) ** 2).tofile(at("s1-sigma0.bin"))
due("s1-VV", at(grd, "measurement", stem + ".tiff"))
try:
    ds = gdal.Open(at(grd, "manifest.safe"))
    out["sentinel1"]["gdal"] = [[g.GCPPixel, g.GCPLine, g.GCPX, g.GCPY] for g in ds.GetGCPs()]
except RuntimeError as error:
    out["sentinel1"]["error"] = str(error)
print(json.dumps(out))
