"""What our forecast is held against: simple rules, and the models that others publish."""
