"""What the Patient Care Aggregator asks, so that the NHS App can show a patient's appointments."""
