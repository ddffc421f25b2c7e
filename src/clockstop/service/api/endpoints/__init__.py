"""The endpoints; every one only reads."""
