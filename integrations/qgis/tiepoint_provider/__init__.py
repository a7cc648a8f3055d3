"""A QGIS plugin that adds tiepoint's commands to the Processing toolbox."""


def classFactory(iface):
    """What QGIS calls to load the plugin; ``iface`` is None in qgis_process."""
    from .plugin import TiepointPlugin

    return TiepointPlugin()
