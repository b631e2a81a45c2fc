"""The graphic of the data quality and utility label: a diagram with a scale, for quality and conditions of use."""

from catalogue.graphic.drawing import SIZES, svg, withdrawn
from catalogue.graphic.telling import GraphicFacts, Row, Told, describe, tell
from catalogue.graphic.words import GraphicWords, words_for

__all__ = ["SIZES", "GraphicFacts", "GraphicWords", "Row", "Told", "describe", "svg", "tell", "withdrawn", "words_for"]
