"""Answers as plain data."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Accuracy:
    """How good a registration is, px of the reference.

    :ivar rmse: root mean square residual of the tie points used
    :ivar check_rmse: the same of tie points predicted by a fit they took no part in
    :ivar ce90: radius that holds 90 % of those
    :ivar predicted_sd: predicted standard deviation of the transform along an axis, over the overlap
    :ivar ce90_metres: None where the reference is not georeferenced
    """

    rmse: float
    check_rmse: float
    ce90: float
    predicted_sd: float
    ce90_metres: float | None = None


@dataclass(frozen=True)
class Finding:
    """One thing the verdict rests on; lengths in ``values`` are px of the files."""

    code: str
    severity: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class TiePoint:
    """A correspondence: (x, y) px of either image, its covariance (xx, xy, yy) in px² of the reference."""

    sensed: tuple[float, float]
    reference: tuple[float, float]
    covariance: tuple[float, float, float]
    score: float


def tie_points(document: Mapping[str, Any]) -> tuple[TiePoint, ...]:
    """The tie points of a document of ``match``."""
    return tuple(
        TiePoint(tuple(p["sensed"]), tuple(p["reference"]), tuple(p["covariance"]), p["score"])
        for p in document.get("tiePoints", ())
    )


def accuracy_of(values: Mapping[str, Any] | None) -> Accuracy | None:
    """The accuracy of a document; None where nothing was found."""
    if values is None:
        return None
    return Accuracy(
        values["rmse"], values["checkRmse"], values["ce90"], values["predictedSd"], values.get("ce90Metres")
    )


@dataclass(frozen=True)
class Registration:
    """What ``register`` found.

    :ivar verdict: ``accept``, ``warn`` or ``refuse``; refused ones have no transform and no output
    :ivar confidence: probability that the median error is below 3 px of the reference
    :ivar sensed_to_reference: 3×3 rows, homogeneous sensed px to reference px; None where refused, and for bent models
    :ivar output: the registered image, where one was asked for and written
    :ivar report: the HTML report
    :ivar document: all that the command line said
    """

    verdict: str
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    confidence: float
    model: str
    sensed_to_reference: tuple[tuple[float, float, float], ...] | None
    tie_points: int
    inliers: int
    accuracy: Accuracy | None
    seconds: float
    method: str
    warnings: tuple[str, ...]
    output: str | None
    report: str | None = field(repr=False)
    document: Mapping[str, Any] = field(repr=False)

    @property
    def accepted(self) -> bool:
        """Whether there is a transform to be used, with or without a warning."""
        return self.verdict != "refuse"

    def to_reference(self, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        """Sensed pixels (x, y) as pixels of the reference, by any model.

        :raises TiepointError: ``refused``
        """
        from .api import transform_points

        return transform_points(self, points, inverse=False)

    def to_sensed(self, points: Iterable[Sequence[float]]) -> list[tuple[float, float]]:
        """Pixels of the reference as sensed pixels."""
        from .api import transform_points

        return transform_points(self, points, inverse=True)

    def save(self, path: str | Path) -> None:
        """Writes the solution file that ``warp`` and the command line take."""
        Path(path).write_text(json.dumps(self.document, indent=2) + "\n", encoding="utf-8")

    def _repr_html_(self) -> str:
        """The report for a notebook, in a frame of its own."""
        if self.report is None:
            return f"<p><b>{html.escape(self.verdict)}</b>: {html.escape('; '.join(self.reasons))}</p>"
        srcdoc = html.escape(self.report, quote=True)
        return f'<iframe title="registration" style="width:100%;height:640px;border:0" srcdoc="{srcdoc}"></iframe>'


@dataclass(frozen=True)
class Matching:
    """Tie points as ``match`` found them; those that agree with no common transform are among them."""

    tie_points: tuple[TiePoint, ...]
    method: str
    warnings: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True)
class Assessment:
    """How far a sensed image lies from where it belongs, px of the reference; None where nothing could be measured."""

    verdict: str
    reasons: tuple[str, ...]
    mean: tuple[float, float] | None
    rmse: float | None
    median: float | None
    ce90: float | None
    ce90_metres: float | None
    predicted_sd: float | None
    warnings: tuple[str, ...]
    document: Mapping[str, Any] = field(repr=False)
