"""Clockstop: elective care recovery for England's NHS."""

__version__ = "0.1.0"
