"""The monthly RTT return from patients' records: counted, checked, and written as published."""
