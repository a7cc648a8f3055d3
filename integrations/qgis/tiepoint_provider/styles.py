"""How results look when QGIS loads them."""

from qgis.core import (
    QgsArrowSymbolLayer,
    QgsEllipseSymbolLayer,
    QgsLineSymbol,
    QgsMarkerSymbol,
    QgsProcessingLayerPostProcessorInterface,
    QgsProperty,
    QgsSimpleMarkerSymbolLayer,
    QgsSingleSymbolRenderer,
    QgsSymbolLayer,
    QgsUnitTypes,
)

# Processing keeps no reference to them.
_kept = []


class _Styler(QgsProcessingLayerPostProcessorInterface):
    def __init__(self, style):
        super().__init__()
        self.style = style

    def postProcessLayer(self, layer, context, feedback):
        self.style(layer)


def load_with(context, identifier, style):
    """Applies a style to an output, if it is to be loaded."""
    if not context.willLoadLayerOnCompletion(identifier):
        return
    styler = _Styler(style)
    _kept.append(styler)
    context.layerToLoadOnCompletionDetails(identifier).setPostProcessor(styler)


def style_registered(document):
    """A registered image: above its reference half of both shows, and its abstract says how good it is."""
    accuracy = document["accuracy"]
    metres = f" ({accuracy['ce90Metres']:.2f} m)" if "ce90Metres" in accuracy else ""
    abstract = (
        f"Verdict: {document['verdict']}, confidence {document['confidence']:.3f}. CE90 {accuracy['ce90']:.2f} px{metres}, "
        f"predicted standard deviation {accuracy['predictedSd']:.2f} px. " + " ".join(document["reasons"])
    )

    def style(layer):
        layer.setOpacity(0.6)
        metadata = layer.metadata()
        metadata.setAbstract(abstract)
        layer.setMetadata(metadata)
        layer.triggerRepaint()

    return style


def tie_point_symbol():
    """A point, and the ellipse that holds 90 % of its error, in map units."""
    marker = QgsSimpleMarkerSymbolLayer(size=1.6)
    marker.setColor(_colour("#ffb000"))
    ellipse = QgsEllipseSymbolLayer()
    ellipse.setFillColor(_colour("#00000000"))
    ellipse.setStrokeColor(_colour("#ffb000"))
    ellipse.setStrokeWidth(0.3)
    ellipse.setSymbolWidthUnit(QgsUnitTypes.RenderMapUnits)
    ellipse.setSymbolHeightUnit(QgsUnitTypes.RenderMapUnits)
    for key, expression in (
        (QgsSymbolLayer.PropertyWidth, '2 * "semi_minor"'),
        (QgsSymbolLayer.PropertyHeight, '2 * "semi_major"'),
        (QgsSymbolLayer.PropertyAngle, '"angle"'),
    ):
        ellipse.setDataDefinedProperty(key, QgsProperty.fromExpression(expression))
    # One by one: a list of layers would stay Python's, which frees them too early.
    symbol = QgsMarkerSymbol()
    symbol.changeSymbolLayer(0, ellipse)
    symbol.appendSymbolLayer(marker)
    return symbol


def style_tie_points():
    """Tie points with their ellipses."""

    def style(layer):
        layer.setRenderer(QgsSingleSymbolRenderer(tie_point_symbol()))
        layer.setMapTipTemplate('<b>[% round("score", 2) %]</b> ± [% round("semi_major", 2) %]')
        layer.triggerRepaint()

    return style


def style_displacements():
    """Displacements as arrows."""

    def style(layer):
        arrow = QgsArrowSymbolLayer.create({"arrow_width": "0.4", "head_length": "2", "head_thickness": "1.2", "is_curved": "0"})
        arrow.setColor(_colour("#d62728"))
        symbol = QgsLineSymbol()
        symbol.changeSymbolLayer(0, arrow)
        layer.setRenderer(QgsSingleSymbolRenderer(symbol))
        layer.triggerRepaint()

    return style


def _colour(text):
    from qgis.PyQt.QtGui import QColor

    # QColor reads the opacity first.
    return QColor("#" + text[7:9] + text[1:7]) if len(text) == 9 else QColor(text)
