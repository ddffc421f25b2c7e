"""Pages of patients who may ask, or asked, to be treated elsewhere."""
