"""What the rivals written here are checked against: reads one JSON request, answers it with numpy and OpenCV.

Request: {"what", "width", "height", "data": [...], ...}. Answers:
- "ratio-gradient" ("alpha"): {"gx", "gy"} by whole two-dimensional windows
- "gradient-of-magnitude": {"gx", "gy"} by cv2.Sobel
- "sift": {"xy"} of cv2.SIFT, centres of pixels at halves
"""
import json
import sys

import cv2
import numpy as np

request = json.load(sys.stdin)
image = np.array(request["data"], np.float64).reshape(request["height"], request["width"])
edge = cv2.BORDER_REPLICATE


def ratio_gradient(alpha):
    radius = round(2 * alpha)
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    weights = np.exp(-(np.abs(x) + np.abs(y)) / alpha)

    def log_ratio(one, other):
        a, b = (cv2.filter2D(image, cv2.CV_64F, weights * side, borderType=edge) for side in (one, other))
        return np.log((a + 1e-5) / (b + 1e-5))

    return log_ratio(x > 0, x < 0), log_ratio(y > 0, y < 0)


def gradient_of_magnitude():
    def sobel(of):
        return [cv2.Sobel(of, cv2.CV_64F, dx, 1 - dx, ksize=3, borderType=edge) for dx in (1, 0)]

    return sobel(np.hypot(*sobel(image)))


if request["what"] == "sift":
    found = cv2.SIFT_create(contrastThreshold=0.01).detect(np.clip(np.rint(image), 0, 255).astype(np.uint8), None)
    answer = {"xy": [v + 0.5 for keypoint in found for v in keypoint.pt]}
else:
    made = ratio_gradient(request["alpha"]) if request["what"] == "ratio-gradient" else gradient_of_magnitude()
    answer = {"gx": made[0].ravel().tolist(), "gy": made[1].ravel().tolist()}
print(json.dumps(answer))
