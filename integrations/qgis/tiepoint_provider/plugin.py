"""The plugin: it lives as long as QGIS has it enabled, and holds the provider."""

from qgis.core import QgsApplication

from .provider import TiepointProvider


class TiepointPlugin:
    def __init__(self):
        self.provider = None

    def initProcessing(self):
        self.provider = TiepointProvider()
        QgsApplication.processingRegistry().addProvider(self.provider)

    def initGui(self):
        self.initProcessing()

    def unload(self):
        QgsApplication.processingRegistry().removeProvider(self.provider)
