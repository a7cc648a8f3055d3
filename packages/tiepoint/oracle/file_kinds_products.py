"""Small products of Sentinel-2, Sentinel-1 and Landsat that show the scene, as their agencies lay them out."""
import os
import tarfile
import zipfile

import numpy as np
from osgeo import gdal

from file_kinds_scene import METRES, WRONG, apply, centres, create, crs, moved, shifted


def sentinel2(kind, at, view, place):
    """Of before processing baseline 04.00: without offsets. In a zip, as it is downloaded."""
    safe = "S2A_MSIL1C_20190601T103031_N0207_R108_T33TVF_20190601T123456.SAFE"
    granule = "GRANULE/L1C_T33TVF_A020580_20190601T103026/IMG_DATA/T33TVF_20190601T103031_"
    files = []
    for band, metres in (("B02", 10), ("B04", 10), ("B11", 20)):
        size = (140 * 10 // metres, 140 * 10 // metres)
        own = (place[0], metres, 0, place[3], 0, -metres)
        mem = create("", [(view(own, size=size) * 30).astype(np.uint16)], gdal.GDT_UInt16, "MEM")
        mem.SetGeoTransform(shifted(own, *WRONG))
        mem.SetSpatialRef(crs("EPSG:32633"))
        path = at(safe, granule + band + ".jp2")
        gdal.GetDriverByName("JP2OpenJPEG").CreateCopy(path, mem, options=["REVERSIBLE=YES", "QUALITY=100"])
        os.path.exists(path + ".aux.xml") and os.remove(path + ".aux.xml")
        files.append("<IMAGE_FILE>%s%s</IMAGE_FILE>" % (granule, band))
    with open(at(safe, "MTD_MSIL1C.xml"), "w") as out:
        out.write('<?xml version="1.0" encoding="UTF-8"?><n1:Level-1C_User_Product xmlns:n1="https://psd-14.sentinel2.eo.esa.int/'
                  'PSD/User_Product_Level-1C.xsd"><n1:General_Info><Product_Info><Product_Organisation><Granule_List>'
                  '<Granule imageFormat="JPEG2000">%s</Granule></Granule_List></Product_Organisation></Product_Info>'
                  "<Product_Image_Characteristics><QUANTIFICATION_VALUE>10000</QUANTIFICATION_VALUE>"
                  "</Product_Image_Characteristics></n1:General_Info></n1:Level-1C_User_Product>" % "".join(files))
    archive = at("sentinel2.zip")
    packed(archive, at(safe, ""), zipfile.ZIP_DEFLATED)
    red = at(safe, granule + "B04.jp2")
    kind("Sentinel-2 SAFE in a zip, before offsets", red, place, size=(140, 140), opened=archive, band="B04",
         gdal_opens=told(red, scale=1e-4), keep={"anyOverviews": True})


def told(path, scale=1, offset=0, nodata=0):
    """A band with what the product says of it."""
    ds = gdal.Translate("", path, format="MEM")
    ds.GetRasterBand(1).SetScale(scale)
    ds.GetRasterBand(1).SetOffset(offset)
    ds.GetRasterBand(1).SetNoDataValue(nodata)
    return ds


def packed(archive, root, method):
    with zipfile.ZipFile(archive, "w", method) as out:
        for folder, _, names in os.walk(root):
            for name in names:
                path = os.path.join(folder, name)
                out.write(path, os.path.relpath(path, os.path.dirname(os.path.dirname(root))))


def sentinel1(kind, at, ground):
    """A descending pass as the radar saw it: columns run west, and rows bend."""
    safe = "S1A_IW_GRDH_1SDV_20200101T053000_20200101T053025_030600_038180_ABCD.SAFE"
    stem = "s1a-iw-grd-vv-20200101t053000-20200101t053025-030600-038180-001"
    width, height = 144, 136

    def to_map(x, y):
        e, n = apply((500110 + width * METRES, -METRES, 0, 4499890, 0, -METRES), x, y)
        return e + 4e-3 * y * y, n + 3e-3 * x * x

    values = ground.seen(*to_map(*centres(width, height)))
    path = at(safe, "measurement", stem + ".tiff")
    create(path, [(values * 4).astype(np.uint16)], gdal.GDT_UInt16)
    x, y = [v.ravel() for v in np.meshgrid(np.linspace(0, width, 9), np.linspace(0, height, 9))]
    east, north = to_map(x, y)
    lon, lat = moved(ground.system, crs("EPSG:4326"), east + WRONG[0], north + WRONG[1])
    points = "".join("<geolocationGridPoint><line>%.9f</line><pixel>%.9f</pixel><latitude>%.12f</latitude><longitude>%.12f"
                     "</longitude><height>0</height></geolocationGridPoint>" % p for p in zip(y, x, lat, lon))
    with open(at(safe, "annotation", stem + ".xml"), "w") as out:
        out.write("<product><geolocationGrid><geolocationGridPointList>%s</geolocationGridPointList></geolocationGrid></product>" % points)
    with open(at(safe, "manifest.safe"), "w") as out:
        out.write('<xfdu:XFDU xmlns:xfdu="urn:ccsds:schema:xfdu:1"><dataObjectSection><dataObject><byteStream><fileLocation '
                  'href="./measurement/%s.tiff"/></byteStream></dataObject></dataObjectSection></xfdu:XFDU>' % stem)
    ds = gdal.Translate("", path, format="MEM")
    ds.GetRasterBand(1).SetNoDataValue(0)
    ds.SetGCPs([gdal.GCP(float(a), float(b), 0, float(c), float(d)) for a, b, c, d in zip(lon, lat, x, y)], crs("EPSG:4326"))
    kind("Sentinel-1 GRD SAFE", path, size=(width, height), opened=at(safe, ""), band="VV", gdal_opens=ds, to_map=to_map,
         warp={"tps": True})


def landsat(kind, at, view, place):
    """Level 2, surface reflectance with scale and offset."""
    scene = "LC09_L2SP_193029_20230601_20230603_02_T1"
    lines = ["GROUP = LANDSAT_METADATA_FILE", "  GROUP = PRODUCT_CONTENTS", '    PROCESSING_LEVEL = "L2SP"']
    path = at(scene, scene + "_SR_B4.TIF")
    ds = create(path, [(view(place) * 100 + 7000).astype(np.uint16)], gdal.GDT_UInt16)
    ds.SetGeoTransform(shifted(place, *WRONG))
    ds.SetSpatialRef(crs("EPSG:32633"))
    ds = None
    lines += ['    FILE_NAME_BAND_4 = "%s_SR_B4.TIF"' % scene, "  END_GROUP = PRODUCT_CONTENTS", "  GROUP = IMAGE_ATTRIBUTES",
              '    SPACECRAFT_ID = "LANDSAT_9"', "  END_GROUP = IMAGE_ATTRIBUTES", "  GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS",
              "    REFLECTANCE_MULT_BAND_4 = 2.75e-05", "    REFLECTANCE_ADD_BAND_4 = -0.2",
              "  END_GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS", "END_GROUP = LANDSAT_METADATA_FILE", "END"]
    with open(at(scene, scene + "_MTL.txt"), "w") as out:
        out.write("\n".join(lines) + "\n")
    bundle = at(scene + ".tar")
    with tarfile.open(bundle, "w") as out:
        for name in sorted(os.listdir(at(scene, ""))):
            out.add(at(scene, name), name)
    kind("Landsat Collection 2, bundled", path, place, opened=bundle, band="B4", gdal_opens=told(path, 2.75e-05, -0.2))
