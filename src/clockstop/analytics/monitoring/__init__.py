"""The published figures of every area, held against the national targets."""
