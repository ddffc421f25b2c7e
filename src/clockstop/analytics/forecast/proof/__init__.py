"""What was said before, beside what came and what others would have said."""
