"""Explorable figures: widgets in Jupyter, and answering figures in the book."""

from optilab.widgets.descent import Descent1D, Descent2D
from optilab.widgets.fits import LineFits
from optilab.widgets.momentum import Basins, MomentumMap
from optilab.widgets.schedules import NoisyDescent

__all__ = ["Basins", "Descent1D", "Descent2D", "LineFits", "MomentumMap", "NoisyDescent"]
