"""The weekly engine: lists by wait, treated, left and joined week by week, a thousand times."""
