"""Pairs of images to register, made on the spot."""

import numpy as np
from rasterio.transform import from_origin

transform = from_origin(500_000, 4_600_000, 10, 10)
crs = "EPSG:32633"


def scene(side: int, seed: int) -> np.ndarray:
    """Blobs of random size and place: structure at every scale."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:side, 0:side]
    image = np.full((side, side), 128.0)
    for _ in range(150):
        cx, cy = random.uniform(0, side, 2)
        image += random.normal() * 40 * np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / random.uniform(2, 12) ** 2))
    return image.astype("float32")


def pair(side: int = 224, dx: int = 4, dy: int = 3) -> "tuple[np.ndarray, np.ndarray]":
    """A reference, and a sensed image that is bright where it is dark and shows it (dx, dy) px further."""
    whole = scene(side + 8, 5)
    return whole[:side, :side], 300 - whole[dy : dy + side, dx : dx + side]
