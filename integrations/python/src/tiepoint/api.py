"""The functions of the package."""

from __future__ import annotations

import os
from typing import Any, Callable, Iterable, Mapping, Sequence

from .command import Progress, run
from .inputs import Image, ImageFiles
from .results import Assessment, Finding, Matching, Registration, accuracy_of, tie_points

Cancelled = Callable[[], bool]


def _options(options: Mapping[str, Any]) -> list[str]:
    """Options of the command line by their names, with underscores: ``search_radius=40`` is ``--search-radius 40``."""
    words: list[str] = []
    for name, value in options.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(flag)
        elif isinstance(value, (list, tuple)):
            for one in value:
                words += [flag, str(one)]
        else:
            words += [flag, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    return words


def register(
    reference: Image,
    sensed: Image,
    output: str | os.PathLike[str] | None = None,
    *,
    report: bool = False,
    overwrite: bool = False,
    georeference: bool = True,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    timeout: float | None = None,
    **options: Any,
) -> Registration:
    """Lays the sensed image on the reference, and says whether that may be trusted.

    :param reference: the image that stays: a path, URL, rasterio dataset or :class:`tiepoint.Raster`
    :param sensed: the image to be moved
    :param output: where the sensed image is written on the grid of the reference; nothing is written where refused
    :param report: keep the HTML report, which notebooks show
    :param georeference: False leaves aside where the files say they lie
    :param progress: told in words how far the work is, from another thread
    :param cancelled: asked 20 times a second whether to stop
    :param timeout: seconds
    :param options: those of ``tiepoint register``, with underscores: ``model="affine"``, ``seed=1``, ``band=2``, ``points="gcps.geojson"``
    :raises TiepointError: with code and hint, for inputs and options that cannot be used; a refusal is an answer, not an error
    """
    with ImageFiles() as files:
        words = ["register", files.path_of(reference, "reference"), files.path_of(sensed, "sensed")]
        if output is not None:
            words.append(os.fspath(output))
        page = files.folder() / "report.html" if report else None
        if page is not None:
            words += ["--report", str(page)]
        flags = _options({"overwrite": overwrite, "no_georeference": not georeference, **options})
        document = run([*words, *flags], progress=progress, cancelled=cancelled, timeout=timeout)
        shown = page.read_text(encoding="utf-8") if page is not None and page.is_file() else None
    return _registration(document, None if output is None else os.fspath(output), shown)


def _registration(document: Mapping[str, Any], output: str | None, report: str | None) -> Registration:
    matrix = document["sensedToReference"]
    return Registration(
        verdict=document["verdict"],
        reasons=tuple(document["reasons"]),
        findings=tuple(Finding(f["code"], f["severity"], f["values"]) for f in document["findings"]),
        confidence=document["confidence"],
        model=document["model"],
        sensed_to_reference=None if matrix is None else tuple(tuple(row) for row in matrix),
        tie_points=document["tiePoints"],
        inliers=document["inliers"],
        accuracy=accuracy_of(document["accuracy"]),
        seconds=document["seconds"],
        method=document["method"],
        warnings=tuple(document["warnings"]),
        output=output if document["verdict"] != "refuse" else None,
        report=report,
        document=document,
    )


def match(
    reference: Image,
    sensed: Image,
    *,
    georeference: bool = True,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    timeout: float | None = None,
    **options: Any,
) -> Matching:
    """Tie points between two images, each with its covariance; see :func:`register`."""
    with ImageFiles() as files:
        words = ["match", files.path_of(reference, "reference"), files.path_of(sensed, "sensed")]
        flags = _options({"no_georeference": not georeference, **options})
        document = run([*words, *flags], progress=progress, cancelled=cancelled, timeout=timeout)
    return Matching(tie_points(document), document["method"], tuple(document["warnings"]), document)


def assess(
    reference: Image,
    sensed: Image,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    timeout: float | None = None,
    **options: Any,
) -> Assessment:
    """How far the sensed image lies from where it belongs, as the files place it; changes nothing. See :func:`register`."""
    with ImageFiles() as files:
        words = ["assess", files.path_of(reference, "reference"), files.path_of(sensed, "sensed")]
        document = run([*words, *_options(options)], progress=progress, cancelled=cancelled, timeout=timeout)
    left = document["misregistration"]
    value = (lambda name: None) if left is None else left.get
    return Assessment(
        verdict=document["verdict"],
        reasons=tuple(document["reasons"]),
        mean=None if left is None else (left["meanX"], left["meanY"]),
        rmse=value("rmse"),
        median=value("median"),
        ce90=value("ce90"),
        ce90_metres=value("ce90Metres"),
        predicted_sd=document["predictedSd"],
        warnings=tuple(document["warnings"]),
        document=document,
    )


def warp(
    sensed: Image,
    output: str | os.PathLike[str],
    solution: Registration | str | os.PathLike[str],
    *,
    reference: Image | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
    timeout: float | None = None,
    **options: Any,
) -> str:
    """Applies a registration, or a solution file, to this or any other band or product of the same scene.

    :param reference: whose grid the output gets; by default the one that the solution names
    :param options: those of ``tiepoint warp``: ``resampling="cubic"``, ``dst_crs="EPSG:4326"``, …
    :returns: the path of the output
    :raises TiepointError: ``refused`` where the registration was refused, and those of reading and writing
    """
    with ImageFiles() as files:
        words = ["warp", files.path_of(sensed, "sensed"), os.fspath(output)]
        words += ["--solution", _solution_file(files, solution)]
        if reference is not None:
            words += ["--reference", files.path_of(reference, "reference")]
        flags = _options({"overwrite": overwrite, **options})
        run([*words, *flags], answers=False, progress=progress, cancelled=cancelled, timeout=timeout)
    return os.fspath(output)


def _solution_file(files: ImageFiles, solution: Registration | str | os.PathLike[str]) -> str:
    if not isinstance(solution, Registration):
        return os.fspath(solution)
    path = files.folder() / "solution.json"
    solution.save(path)
    return str(path)


def transform_points(
    solution: Registration, points: Iterable[Sequence[float]], *, inverse: bool
) -> list[tuple[float, float]]:
    """Points of one image as points of the other."""
    lines = "".join(f"{x!r} {y!r}\n" for x, y in ((float(p[0]), float(p[1])) for p in points))
    with ImageFiles() as files:
        words = ["transform", "--solution", _solution_file(files, solution), "--precision", "9"]
        document = run([*words, *(["--inverse"] if inverse else [])], stdin=lines)
    return [(float(x), float(y)) for x, y in document["points"]]
