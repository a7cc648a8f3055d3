"""Images as the caller has them, as files for the command line."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Union


@dataclass(frozen=True)
class Raster:
    """An image in memory.

    :ivar array: (rows, columns) or (bands, rows, columns); NaN is missing
    :ivar transform: affine from pixel corners to the map, as rasterio has it; None for none
    :ivar crs: anything rasterio takes for one: ``EPSG:32633``, WKT, a CRS
    :ivar nodata: value of missing samples
    """

    array: Any
    transform: Any = None
    crs: Any = None
    nodata: float | None = None


Image = Union[str, "os.PathLike[str]", Raster, Any]


class ImageFiles:
    """Gives images paths; what had to be written is removed when it ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._folder: Path | None = None

    def __enter__(self) -> "ImageFiles":
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def folder(self) -> Path:
        """A folder that goes when this ends."""
        if self._folder is None:
            self._folder = Path(self._stack.enter_context(TemporaryDirectory(prefix="tiepoint-")))
        return self._folder

    def path_of(self, image: Image, role: str) -> str:
        """A path or URL that the command line reads.

        :raises TypeError: for anything that is no image
        """
        if isinstance(image, (str, os.PathLike)):
            return os.fspath(image)
        if isinstance(image, Raster):
            return self._write(image, role)
        if hasattr(image, "profile") and hasattr(image, "read"):
            return self._of_dataset(image, role)
        raise TypeError(
            f"the {role} image is a {type(image).__name__}: give a path, a rasterio dataset, "
            "or tiepoint.Raster(array, transform)"
        )

    def _of_dataset(self, dataset: Any, role: str) -> str:
        name = str(dataset.name)
        if re.match(r"https?://", name):
            return name
        # Files in memory, archives and what only GDAL opens are handed over as a copy.
        if dataset.driver in {"GTiff", "COG", "PNG", "JPEG", "WEBP", "JP2OpenJPEG"} and Path(name).is_file():
            return name
        copy = str(self.folder() / f"{role}.tif")
        import rasterio.shutil

        rasterio.shutil.copy(dataset, copy, driver="GTiff", compress="deflate")
        return copy

    def _write(self, image: Raster, role: str) -> str:
        import numpy
        import rasterio

        array = numpy.asarray(image.array)
        if array.ndim == 2:
            array = array[None]
        if array.ndim != 3:
            raise TypeError(f"the {role} array has {array.ndim} dimensions: (rows, columns) or (bands, rows, columns)")
        if array.dtype == bool:
            array = array.astype("uint8")
        path = str(self.folder() / f"{role}.tif")
        place = {} if image.transform is None else {"transform": image.transform}
        count, height, width = array.shape
        profile = {"driver": "GTiff", "count": count, "height": height, "width": width, "dtype": array.dtype}
        with rasterio.open(path, "w", **profile, crs=image.crs, nodata=image.nodata, **place) as file:
            file.write(array)
        return path
