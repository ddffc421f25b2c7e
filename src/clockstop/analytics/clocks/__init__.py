"""The clock rules over tables of millions of events."""
