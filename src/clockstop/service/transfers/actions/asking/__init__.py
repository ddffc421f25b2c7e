"""The only writers of patients' requests to be treated elsewhere."""
