"""Charts as geometry: pure functions that hand templates what to draw.

Across, positions are percentages of the plot, so that one drawing fits every width while its text
keeps its size; down, they are pixels. Every chart stands with the table of its figures.
"""

from clockstop.service.ui.charts.drawing import LineChart
from clockstop.service.ui.charts.fan import Band, Level, fan_chart
from clockstop.service.ui.charts.line import line_chart
from clockstop.service.ui.charts.plot import Series
from clockstop.service.ui.charts.spread import SpreadChart, SpreadRow, spread_chart

__all__ = [
    "Band",
    "Level",
    "LineChart",
    "Series",
    "SpreadChart",
    "SpreadRow",
    "fan_chart",
    "line_chart",
    "spread_chart",
]
