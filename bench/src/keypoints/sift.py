"""SIFT and Affine-SIFT keypoints: reads one JSON request a line, answers one line.

Request: {"affine", "image", "mask", "count"} with paths of 8-bit PNGs.
Answer: {"xy": [x, y, ...], "owner": [keypoint of each descriptor], "descriptors": base64 of float32} in the corner
convention, descriptors of unit length.
"""
import base64
import json
import sys

import cv2
import numpy as np

cv2.setNumThreads(2)

# Descriptors of all views together, for each keypoint asked for.
VIEWS = 4


def places(keypoints, count):
    """The strongest keypoints that lie 2 px apart, and which of them each keypoint lies at (-1 for none)."""
    owner = [-1] * len(keypoints)
    chosen = []
    for i in sorted(range(len(keypoints)), key=lambda i: -keypoints[i].response):
        x, y = keypoints[i].pt
        near = [n for n, (u, v) in enumerate(chosen) if (u - x) ** 2 + (v - y) ** 2 < 4]
        if near:
            owner[i] = near[0]
        elif len(chosen) < count:
            owner[i] = len(chosen)
            chosen.append((x, y))
    return chosen, owner


for line in sys.stdin:
    request = json.loads(line)
    count = request["count"]
    image = cv2.imread(request["image"], cv2.IMREAD_GRAYSCALE)
    mask = cv2.imread(request["mask"], cv2.IMREAD_GRAYSCALE)
    # A low threshold, so that flat images give as many keypoints as are asked for; the strongest are kept. OpenCV counts a place once
    # for each of its orientations, of which most have one, some two or three.
    wanted = count if request["affine"] else 2 * count
    detector = cv2.SIFT_create(nfeatures=wanted, contrastThreshold=0.01)
    if request["affine"]:
        detector = cv2.AffineFeature_create(detector)
    keypoints, descriptors = detector.detectAndCompute(image, mask)
    # A place of several orientations, or seen in several views, has several descriptors.
    xy, owner = places(keypoints, count)
    order = sorted((i for i in range(len(keypoints)) if owner[i] >= 0), key=lambda i: -keypoints[i].response)
    order = order[: VIEWS * count]
    owner = [owner[i] for i in order]
    # OpenCV puts (0, 0) at the first pixel's centre.
    flat = [v + 0.5 for point in xy for v in point]
    rows = np.zeros((0, 128), np.float32) if descriptors is None else descriptors[order]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    text = base64.b64encode(rows.astype(np.float32).tobytes()).decode()
    print(json.dumps({"xy": flat, "owner": owner, "descriptors": text}), flush=True)
