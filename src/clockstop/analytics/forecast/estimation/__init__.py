"""From past months to the rates and the middle of a forecast."""
