"""The provider: the list of algorithms."""

from qgis.core import QgsProcessingProvider

from .assess import AssessAlgorithm
from .batch import BatchAlgorithm
from .match import MatchAlgorithm
from .register import RegisterAlgorithm
from .warp import WarpAlgorithm

ALGORITHMS = (RegisterAlgorithm, AssessAlgorithm, WarpAlgorithm, MatchAlgorithm, BatchAlgorithm)


class TiepointProvider(QgsProcessingProvider):
    def id(self):
        return "tiepoint"

    def name(self):
        return "tiepoint"

    def longName(self):
        return "tiepoint: registration across sensors"

    def loadAlgorithms(self):
        for algorithm in ALGORITHMS:
            self.addAlgorithm(algorithm())
