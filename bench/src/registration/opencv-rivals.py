"""Rivals from OpenCV and elastix: reads one JSON request a line, answers one line.

Request: {"method", "reference", "sensed", "referenceMask", "sensedMask", "seed"} with paths of 8-bit PNGs.
Answer: {"matrix": 9 numbers or null, "seconds"}; the matrix maps sensed to reference pixels, corner convention.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

import cv2
import numpy as np

cv2.setNumThreads(2)
HALF = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1.0]])


def corner(matrix):
    """OpenCV puts (0, 0) at the first pixel's centre."""
    return HALF @ matrix @ np.linalg.inv(HALF)


def sift(request, reference, sensed, masks):
    detector = cv2.SIFT_create(4000, contrastThreshold=0.02)
    kr, dr = detector.detectAndCompute(reference, masks[0])
    ks, ds = detector.detectAndCompute(sensed, masks[1])
    if dr is None or ds is None or len(kr) < 4 or len(ks) < 4:
        return None
    matches = cv2.BFMatcher(cv2.NORM_L2).knnMatch(ds, dr, k=2)
    good = [m[0] for m in matches if len(m) == 2 and m[0].distance < 0.8 * m[1].distance]
    if len(good) < 4:
        return None
    src = np.float32([ks[m.queryIdx].pt for m in good])
    dst = np.float32([kr[m.trainIdx].pt for m in good])
    cv2.setRNGSeed(request["seed"])
    matrix, inliers = cv2.findHomography(src, dst, cv2.USAC_MAGSAC, 3.0, maxIters=10000, confidence=0.999)
    if matrix is None or inliers is None or inliers.sum() < 6:
        return None
    # An affine fit of the inliers: fewer parameters, as the truth has.
    keep = inliers.ravel() > 0
    affine, _ = cv2.estimateAffine2D(src[keep], dst[keep], ransacReprojThreshold=3.0)
    return None if affine is None else corner(np.vstack([affine, [0, 0, 1]]))


PARAMETERS = """(FixedInternalImagePixelType "float")
(MovingInternalImagePixelType "float")
(Registration "MultiResolutionRegistration")
(Interpolator "LinearInterpolator")
(ResampleInterpolator "FinalBSplineInterpolator")
(Resampler "DefaultResampler")
(FixedImagePyramid "FixedSmoothingImagePyramid")
(MovingImagePyramid "MovingSmoothingImagePyramid")
(Optimizer "AdaptiveStochasticGradientDescent")
(Transform "%s")
(Metric "AdvancedMattesMutualInformation")
(AutomaticScalesEstimation "true")
(AutomaticTransformInitialization "true")
(AutomaticTransformInitializationMethod "GeometricalCenter")
(HowToCombineTransforms "Compose")
(NumberOfHistogramBins 32)
(ErodeMask "false")
(NumberOfResolutions 3)
(MaximumNumberOfIterations 250)
(NumberOfSpatialSamples 2048)
(NewSamplesEveryIteration "true")
(ImageSampler "RandomCoordinate")
(CheckNumberOfSamples "false")
(RequiredRatioOfValidSamples 0.05)
(BSplineInterpolationOrder 1)
(RandomSeed %d)
(WriteResultImage "false")
"""


def elastix(request, reference, sensed, masks):
    """Mutual information, rigid and then affine; elastix maps fixed points to moving points."""
    work = tempfile.mkdtemp()
    try:
        stages = []
        for number, name in enumerate(["EulerTransform", "AffineTransform"]):
            path = os.path.join(work, f"p{number}.txt")
            with open(path, "w") as out:
                out.write(PARAMETERS % (name, request["seed"] + 1))
            stages += ["-p", path]
        files = {}
        for name, image in (("f", reference), ("m", sensed), ("fMask", masks[0]), ("mMask", masks[1])):
            path = os.path.join(work, name + ".mhd")
            with open(os.path.join(work, name + ".raw"), "wb") as out:
                out.write((image > 0).astype(np.uint8).tobytes() if "Mask" in name else image.tobytes())
            with open(path, "w") as out:
                out.write(
                    f"ObjectType = Image\nNDims = 2\nDimSize = {image.shape[1]} {image.shape[0]}\n"
                    f"ElementSpacing = 1 1\nOffset = 0.5 0.5\nElementType = MET_UCHAR\nElementDataFile = {name}.raw\n"
                )
            files[name] = path
        command = ["elastix", "-threads", "1", "-out", work]
        for name, path in files.items():
            command += ["-" + name, path]
        if subprocess.run(command + stages, capture_output=True, timeout=120).returncode != 0:
            return None
        total = np.eye(3)
        for number in range(2):
            text = open(os.path.join(work, f"TransformParameters.{number}.txt")).read()
            value = lambda key: [float(v) for v in text.split("(" + key + " ")[1].split(")")[0].split()]
            p, c = value("TransformParameters"), np.array(value("CenterOfRotationPoint"))
            if number == 0:
                m = np.array([[np.cos(p[0]), -np.sin(p[0])], [np.sin(p[0]), np.cos(p[0])]])
                t = np.array(p[1:])
            else:
                m, t = np.array(p[:4]).reshape(2, 2), np.array(p[4:])
            step = np.eye(3)
            step[:2, :2], step[:2, 2] = m, t + c - m @ c
            total = step @ total
        return np.linalg.inv(total)
    finally:
        shutil.rmtree(work)


METHODS = {"sift": sift, "elastix-mi": elastix}

for line in sys.stdin:
    request = json.loads(line)
    images = [cv2.imread(request[key], cv2.IMREAD_GRAYSCALE) for key in ("reference", "sensed")]
    masks = [cv2.imread(request[key], cv2.IMREAD_GRAYSCALE) for key in ("referenceMask", "sensedMask")]
    begin = time.perf_counter()
    try:
        matrix = METHODS[request["method"]](request, *images, masks)
    except (cv2.error, np.linalg.LinAlgError, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        matrix = None
    seconds = time.perf_counter() - begin
    print(json.dumps({"matrix": None if matrix is None else matrix.ravel().tolist(), "seconds": seconds}), flush=True)
