"""FHIR as plain dictionaries: building, reading, refusing. Knows no model, no national code."""
