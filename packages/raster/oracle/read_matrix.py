"""Writes GeoTIFFs of every kind GDAL makes, and beside each what GDAL reads from it.

usage: python3 read_matrix.py FOLDER
For `name.tif`, `name.bin` holds float64 samples (complex ones as magnitude), bands one after the other, and
`name.mask` the dataset mask (0 or 255). `manifest.json` lists the files.
"""
import json
import os
import sys

import numpy as np
from osgeo import gdal, gdal_array, osr

gdal.UseExceptions()
folder = sys.argv[1]
manifest = []
W, H = 203, 150

TYPES = {
    "Byte": np.uint8, "UInt16": np.uint16, "Int16": np.int16, "UInt32": np.uint32, "Int32": np.int32,
    "UInt64": np.uint64, "Int64": np.int64, "Float32": np.float32, "Float64": np.float64,
    "CInt16": np.complex64, "CInt32": np.complex128, "CFloat32": np.complex64, "CFloat64": np.complex128,
}


def pattern(dtype, band):
    y, x = np.mgrid[0:H, 0:W]
    f = 60 + 40 * np.sin(x * 0.05 * (band + 1)) * np.cos(y * 0.07) + ((x * 7 + y * 3) % 11)
    if np.issubdtype(dtype, np.complexfloating):
        return (np.round(f) + 1j * np.round(f.T.mean() - f)).astype(dtype)
    if np.issubdtype(dtype, np.floating):
        return (f * 1.37).astype(dtype)
    if np.issubdtype(dtype, np.signedinteger):
        return (np.round(f) - 70).astype(dtype)
    scale = {1: 1, 2: 300, 4: 90000, 8: 10 ** 9}[np.dtype(dtype).itemsize]
    return (np.round(f) * scale + x).astype(dtype) if np.dtype(dtype).itemsize > 1 else np.round(f).astype(dtype)


def write(name, gdt, bands, options, mask=None, nodata=None, overviews=None, config=None, tolerance=0):
    path = os.path.join(folder, name + ".tif")
    dtype = TYPES[gdt]
    for key, value in (config or {}).items():
        gdal.SetConfigOption(key, value)
    ds = gdal.GetDriverByName("GTiff").Create(path, W, H, bands, gdal.GetDataTypeByName(gdt), options)
    ds.SetGeoTransform((500000, 10, 0, 4500000, 0, -10))
    srs = osr.SpatialReference()
    srs.ImportFromEPSG(32633)
    ds.SetProjection(srs.ExportToWkt())
    if nodata is not None:
        for b in range(bands):
            ds.GetRasterBand(b + 1).SetNoDataValue(nodata)
    for b in range(bands):
        ds.GetRasterBand(b + 1).WriteArray(pattern(dtype, b))
    if mask == "internal":
        gdal.SetConfigOption("GDAL_TIFF_INTERNAL_MASK", "YES")
        ds.CreateMaskBand(gdal.GMF_PER_DATASET)
        m = np.full((H, W), 255, np.uint8)
        m[20:60, 30:90] = 0
        ds.GetRasterBand(1).GetMaskBand().WriteArray(m)
    if overviews:
        ds.BuildOverviews("AVERAGE", overviews)
    ds = None
    for key in (config or {}):
        gdal.SetConfigOption(key, None)
    dump(name, path, tolerance)


def dump(name, path, tolerance=0):
    ds = gdal.Open(path)
    arrays, masks = [], []
    for b in range(ds.RasterCount):
        a = ds.GetRasterBand(b + 1).ReadAsArray()
        if np.iscomplexobj(a):
            a = np.hypot(a.real.astype(np.float64), a.imag.astype(np.float64))
            if ds.GetRasterBand(b + 1).DataType in (gdal.GDT_CInt16, gdal.GDT_CFloat32):
                a = a.astype(np.float32)
        arrays.append(a.astype(np.float64))
    np.stack(arrays).tofile(os.path.join(folder, name + ".bin"))
    ds.GetRasterBand(1).GetMaskBand().ReadAsArray().astype(np.uint8).tofile(os.path.join(folder, name + ".mask"))
    manifest.append({
        "name": name, "width": ds.RasterXSize, "height": ds.RasterYSize, "bands": ds.RasterCount,
        "type": gdal.GetDataTypeName(ds.GetRasterBand(1).DataType), "tolerance": tolerance,
        "geotransform": ds.GetGeoTransform(can_return_null=True),
        "nodata": ds.GetRasterBand(1).GetNoDataValue() if ds.GetRasterBand(1).DataType not in (12, 13) else None,
        "overviews": ds.GetRasterBand(1).GetOverviewCount(),
    })


LAYOUTS = {
    "strip": [], "tile": ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=48"],
}
for gdt in TYPES:
    for layout, layout_options in LAYOUTS.items():
        for interleave in ("PIXEL", "BAND"):
            for compression in ("NONE", "DEFLATE", "LZW", "PACKBITS", "ZSTD", "LERC"):
                if compression == "LERC" and (gdt.startswith("C") or gdt.endswith("64") and gdt != "Float64"):
                    continue
                predictors = [1]
                if compression in ("DEFLATE", "LZW", "ZSTD") and not gdt.startswith("C"):
                    predictors = [1, 3] if gdt.startswith("Float") else [1, 2]
                if compression != "DEFLATE" and gdt not in ("Byte", "UInt16", "Float32") and layout == "tile":
                    continue
                for predictor in predictors:
                    if compression == "LERC" and interleave == "PIXEL" and gdt == "CInt16":
                        continue
                    options = layout_options + [f"INTERLEAVE={interleave}", f"COMPRESS={compression}"]
                    if predictor != 1:
                        options.append(f"PREDICTOR={predictor}")
                    if layout == "strip":
                        options.append("BLOCKYSIZE=17")
                    write(f"{gdt}-{layout}-{interleave}-{compression}-{predictor}", gdt, 3, options)

for mask in ("internal", None):
    for nodata in (None, 60):
        for compression in ("NONE", "DEFLATE"):
            for layout, layout_options in LAYOUTS.items():
                name = f"mask-{mask}-{nodata}-{compression}-{layout}"
                write(name, "Byte", 1, layout_options + [f"COMPRESS={compression}"], mask, nodata)
write("nan", "Float32", 1, ["COMPRESS=DEFLATE"], nodata=float("nan"))
write("nodata-float", "Float32", 1, ["COMPRESS=DEFLATE"], nodata=-3.4028234663852886e38)
for big in ("YES", "NO"):
    for endian in ("BIG", "LITTLE"):
        for gdt in ("UInt16", "Float32", "Float64", "Int32", "CInt16", "CFloat32"):
            for predictor in ((1,) if gdt.startswith("C") else (1, 3 if gdt.startswith("F") else 2)):
                if endian == "BIG" and predictor == 3:
                    continue  # GDAL 3.6 writes these with swapped bytes and reads back NaN.
                options = [f"BIGTIFF={big}", "COMPRESS=LZW", f"PREDICTOR={predictor}"]
                write(f"big{big}-{endian}-{gdt}-{predictor}", gdt, 2, options + [f"ENDIANNESS={endian}"])
        write(f"big{big}-{endian}-none", "UInt16", 2, [f"BIGTIFF={big}", f"ENDIANNESS={endian}"])
for nbits, gdt in ((1, "Byte"), (2, "Byte"), (4, "Byte"), (7, "Byte"), (11, "UInt16"), (12, "UInt16"), (17, "UInt32"), (16, "Float32"), (24, "Float32")):
    for compression in ("NONE", "DEFLATE"):
        write(f"nbits{nbits}-{compression}", gdt, 2, [f"NBITS={nbits}", f"COMPRESS={compression}"])
write("half-predictor", "Float32", 2, ["NBITS=16", "COMPRESS=DEFLATE", "PREDICTOR=3"])
for lerc in ("LERC_DEFLATE", "LERC_ZSTD"):
    write(lerc, "Float32", 1, [f"COMPRESS={lerc}", "TILED=YES"])
write("lerc-lossy", "Float32", 3, ["COMPRESS=LERC", "MAX_Z_ERROR=0.5", "TILED=YES", "INTERLEAVE=BAND"])
write("jpeg-gray", "Byte", 1, ["COMPRESS=JPEG", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"], tolerance=1)
write("jpeg-rgb", "Byte", 3, ["COMPRESS=JPEG", "PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL", "TILED=YES"], tolerance=1)
write("jpeg-ycbcr", "Byte", 3, ["COMPRESS=JPEG", "PHOTOMETRIC=YCBCR", "INTERLEAVE=PIXEL", "BLOCKYSIZE=32"], tolerance=4)
write("jpeg-mask", "Byte", 3, ["COMPRESS=JPEG", "PHOTOMETRIC=RGB", "INTERLEAVE=PIXEL"], mask="internal", tolerance=1)
write("jpeg-band", "Byte", 3, ["COMPRESS=JPEG", "INTERLEAVE=BAND", "TILED=YES"], tolerance=1)
write("webp", "Byte", 3, ["COMPRESS=WEBP", "WEBP_LOSSLESS=YES", "INTERLEAVE=PIXEL", "TILED=YES"])
write("alpha", "Byte", 4, ["ALPHA=YES", "PHOTOMETRIC=RGB", "COMPRESS=DEFLATE"])
write("int8", "Byte", 1, ["PIXELTYPE=SIGNEDBYTE", "COMPRESS=DEFLATE"])
write("overviews", "UInt16", 2, ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64", "COMPRESS=DEFLATE"], overviews=[2, 4])
write("overviews-mask", "Byte", 1, ["TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"], mask="internal", overviews=[2],
      config={"GDAL_TIFF_INTERNAL_MASK": "YES"})
ds = gdal.GetDriverByName("GTiff").Create(os.path.join(folder, "sparse.tif"), W, H, 1, gdal.GDT_UInt16,
                                          ["SPARSE_OK=YES", "TILED=YES", "BLOCKXSIZE=64", "BLOCKYSIZE=64"])
ds.GetRasterBand(1).WriteArray(pattern(np.uint16, 0)[:40, :40], 70, 70)
ds = None
dump("sparse", os.path.join(folder, "sparse.tif"))

with open(os.path.join(folder, "manifest.json"), "w") as f:
    # NaN is not JSON.
    clean = [{**m, "nodata": "nan" if m["nodata"] is not None and m["nodata"] != m["nodata"] else m["nodata"]} for m in manifest]
    json.dump(clean, f)
print(len(manifest))
