"""What if: other demand, capacity or policy."""
