"""The health of queues, by the field's formulas."""
