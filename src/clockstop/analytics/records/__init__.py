"""Patients' records as tables: people, pathways and events, as a hospital's own system has them."""
