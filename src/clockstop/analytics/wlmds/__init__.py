"""The weekly Waiting List Minimum Data Set: its tables, their checks, and making them."""
