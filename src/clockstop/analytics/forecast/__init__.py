"""Where the lists are heading, and how sure that is: forecasts from the published months alone."""
