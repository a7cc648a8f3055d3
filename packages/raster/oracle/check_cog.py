"""Checks one COG with GDAL's validator, and dumps what GDAL (and rasterio, where installed) read from it.

usage: python3 check_cog.py FILE OUT
Prints JSON; OUT.bin holds the samples as float64, OUT.mask the mask, OUT.ov1 the first overview.
"""
import json
import sys

import numpy as np
from osgeo import gdal
from osgeo_utils.samples.validate_cloud_optimized_geotiff import validate

gdal.UseExceptions()
path, out = sys.argv[1:3]
warnings, errors, _ = validate(path, full_check=True)
ds = gdal.Open(path)
array = ds.ReadAsArray().reshape(ds.RasterCount, ds.RasterYSize, ds.RasterXSize)
array.astype(np.float64).tofile(out + ".bin")
band = ds.GetRasterBand(1)
mask = band.GetMaskBand().ReadAsArray()
mask.astype(np.uint8).tofile(out + ".mask")
if band.GetOverviewCount():
    band.GetOverview(0).ReadAsArray().astype(np.float64).tofile(out + ".ov1")
same_in_rasterio = None
try:
    import rasterio
    with rasterio.open(path) as r:
        same_in_rasterio = bool(np.array_equal(r.read(), array, equal_nan=array.dtype.kind == "f"))
except ImportError:
    pass
print(json.dumps({
    "errors": errors, "warnings": warnings, "rasterio": same_in_rasterio,
    "overviews": [[band.GetOverview(i).XSize, band.GetOverview(i).YSize] for i in range(band.GetOverviewCount())],
    "layout": ds.GetMetadata("IMAGE_STRUCTURE").get("LAYOUT"),
    "description": band.GetDescription(),
    "domain": ds.GetMetadata("TIEPOINT"),
    "epsg": ds.GetSpatialRef().GetAuthorityCode(None) if ds.GetSpatialRef() else None,
    "geotransform": ds.GetGeoTransform(can_return_null=True),
    "nodata": str(band.GetNoDataValue()),
}))
