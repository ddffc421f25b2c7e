"""The published months as arrays, and what came and went between them."""
