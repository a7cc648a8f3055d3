"""Registers satellite and aerial images across sensors, and says how far the answer may be trusted.

A thin caller of the ``tiepoint`` command line (npm package ``tiepoint``, Node 20.19 or newer)::

    import tiepoint

    result = tiepoint.register("optical.tif", "sar.tif", "registered.tif")
    if result.accepted:
        print(result.accuracy.ce90, result.to_reference([(100.5, 200.5)]))

Pixel coordinates are (x, y), x right and y down; (0, 0) is the outer corner of the first pixel, as in GDAL and rasterio's
transforms. Images may be paths, URLs, rasterio datasets, or :class:`Raster` (an array with its transform).
"""

from .api import assess, match, register, warp
from .command import find_command
from .errors import Cancelled, CommandNotFound, TiepointError
from .inputs import Raster
from .results import Accuracy, Assessment, Finding, Matching, Registration, TiePoint

__all__ = [
    "Accuracy",
    "Assessment",
    "Cancelled",
    "CommandNotFound",
    "Finding",
    "Matching",
    "Raster",
    "Registration",
    "TiePoint",
    "TiepointError",
    "assess",
    "find_command",
    "match",
    "register",
    "warp",
]
__version__ = "0.1.0"
