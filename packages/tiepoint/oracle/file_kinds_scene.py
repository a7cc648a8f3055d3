"""A scene that can be seen on any grid, and what GDAL reads and warps of the files that show it."""
import json
import os

import numpy as np
from osgeo import gdal, osr

gdal.UseExceptions()
gdal.PushErrorHandler("CPLQuietErrorHandler")
# Pixels of the reference in metres, and its sides.
METRES, SIDE = 10, 200
# What georeferences of sensed images are wrong by, metres east and north.
WRONG = (30, -20)


def crs(text):
    srs = osr.SpatialReference()
    srs.SetFromUserInput(text)
    srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
    return srs


class Ground:
    """Blobs of every size on a map: what is where, in metres from the reference's upper left corner."""

    def __init__(self, folder, name, system, west, north):
        self.folder, self.system, self.west, self.north = folder, crs(system), west, north
        rng = np.random.default_rng(7)
        self.blobs = np.column_stack([rng.uniform(-400, 2400, 220), rng.uniform(-400, 2400, 220),
                                      rng.uniform(20, 140, 220), rng.normal(0, 28, 220)])
        self.reference = os.path.join(folder, name)
        place = (west, METRES, 0, north, 0, -METRES)
        ds = gdal.GetDriverByName("GTiff").Create(self.reference, SIDE, SIDE, 1, gdal.GDT_Byte)
        ds.SetGeoTransform(place)
        ds.SetSpatialRef(self.system)
        x, y = centres(SIDE, SIDE)
        ds.GetRasterBand(1).WriteArray(self.seen(*apply(place, x, y)).astype(np.uint8))

    def seen(self, east, north):
        """Grey values of places in the reference's system."""
        u, v = east - self.west, self.north - north
        out = np.full(np.shape(u), 110.0)
        for cx, cy, radius, value in self.blobs:
            near = np.hypot(u - cx, 1.5 * (v - cy)) - radius
            out += value / (1 + np.exp(np.clip(near / 4, -40, 40)))
        noise = np.random.default_rng(3).normal(0, 1, np.shape(u))
        return np.clip(out + noise, 5, 250)

    def truth(self, to_map, system, size):
        """Where corners and the middle lie, as (x, y, reference x, reference y)."""
        points = [(0, 0), (size[0], 0), (0, size[1]), (size[0], size[1]), (size[0] / 2, size[1] / 2)]
        x, y = np.array(points, float).T
        east, north = moved(system, self.system, *to_map(x, y))
        u, v = (east - self.west) / METRES, (self.north - north) / METRES
        return [list(map(float, p)) for p in zip(x, y, u, v)]


def centres(width, height):
    return np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)


def apply(g, x, y):
    return g[0] + x * g[1] + y * g[2], g[3] + x * g[4] + y * g[5]


def moved(source, target, x, y):
    if source.IsSame(target):
        return x, y
    points = np.column_stack([np.ravel(x), np.ravel(y)])
    out = np.array(osr.CoordinateTransformation(source, target).TransformPoints(points))
    return out[:, 0].reshape(np.shape(x)), out[:, 1].reshape(np.shape(y))


def shifted(g, east, north):
    return (g[0] + east, g[1], g[2], g[3] + north, g[4], g[5])


def create(path, bands, gdt, driver="GTiff", options=(), size=None):
    height, width = bands[0].shape
    ds = gdal.GetDriverByName(driver).Create(path, width, height, len(bands), gdt, list(options))
    for i, values in enumerate(bands):
        ds.GetRasterBand(i + 1).WriteArray(values)
    return ds


def answers(folder, name, opened, ground, warp):
    """Keeps what GDAL reads from a file, and how it lies on the reference's grid."""
    ds = opened if isinstance(opened, gdal.Dataset) else gdal.Open(opened)
    samples, masks, bands = [], [], []
    for i in range(ds.RasterCount):
        band = ds.GetRasterBand(i + 1)
        values = band.ReadAsArray()
        samples.append((np.abs(values) if np.iscomplexobj(values) else values).astype(np.float64))
        masks.append(band.GetMaskBand().ReadAsArray())
        bands.append({"scale": band.GetScale() or 1, "offset": band.GetOffset() or 0})
    np.stack(samples).tofile(os.path.join(folder, name + ".samples"))
    np.stack(masks).astype(np.uint8).tofile(os.path.join(folder, name + ".masks"))
    place, srs = ds.GetGeoTransform(can_return_null=True), ds.GetSpatialRef()
    if place is None and ds.GetGCPCount() > 0:
        place, srs = gdal.GCPsToGeoTransform(ds.GetGCPs()), ds.GetGCPSpatialRef()
    corners = None
    if place is not None and srs is not None:
        srs.SetAxisMappingStrategy(osr.OAMS_TRADITIONAL_GIS_ORDER)
        x, y = np.array([(0, 0), (ds.RasterXSize, 0), (0, ds.RasterYSize), (ds.RasterXSize, ds.RasterYSize)], float).T
        corners = np.column_stack(moved(srs, crs("EPSG:4326"), *apply(place, x, y))).tolist()
    warped = None
    if warp is not None:
        box = (ground.west, ground.north - SIDE * METRES, ground.west + SIDE * METRES, ground.north)
        made = gdal.Warp("", ds, format="MEM", outputBounds=box, width=SIDE, height=SIDE, errorThreshold=0,
                         dstSRS=ground.system.ExportToWkt(), dstAlpha=True, resampleAlg="near", **warp)
        last = made.RasterCount
        values = made.GetRasterBand(1).ReadAsArray()
        values = (np.abs(values) if np.iscomplexobj(values) else values).astype(np.float64)
        alpha = made.GetRasterBand(last).ReadAsArray()
        np.stack([values, (np.abs(alpha) > 0).astype(np.float64)]).tofile(os.path.join(folder, name + ".warped"))
        warped = True
    return {"width": ds.RasterXSize, "height": ds.RasterYSize, "bands": bands, "geotransform": place and list(place),
            "corners": corners, "warped": warped, "overviews": ds.GetRasterBand(1).GetOverviewCount()}


def save(folder, manifest):
    with open(os.path.join(folder, "manifest.json"), "w") as out:
        json.dump(manifest, out, allow_nan=False)
