"""SIFT keypoints: reads one JSON request a line, answers one line.

Request: {"image", "mask", "count"} with paths of 8-bit PNGs.
Answer: {"xy": [x, y, ...], "descriptors": base64 of float32} in the corner convention, descriptors of unit length.
"""
import base64
import json
import sys

import cv2
import numpy as np

cv2.setNumThreads(2)

for line in sys.stdin:
    request = json.loads(line)
    image = cv2.imread(request["image"], cv2.IMREAD_GRAYSCALE)
    mask = cv2.imread(request["mask"], cv2.IMREAD_GRAYSCALE)
    # A low threshold, so that flat images give as many keypoints as are asked for; the strongest are kept.
    detector = cv2.SIFT_create(nfeatures=request["count"], contrastThreshold=0.01)
    keypoints, descriptors = detector.detectAndCompute(image, mask)
    order = sorted(range(len(keypoints)), key=lambda i: -keypoints[i].response)[: request["count"]]
    # OpenCV puts (0, 0) at the first pixel's centre.
    xy = [v + 0.5 for i in order for v in keypoints[i].pt]
    rows = np.zeros((0, 128), np.float32) if descriptors is None else descriptors[order]
    rows = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    text = base64.b64encode(rows.astype(np.float32).tobytes()).decode()
    print(json.dumps({"xy": xy, "descriptors": text}), flush=True)
