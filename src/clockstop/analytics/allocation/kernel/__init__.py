"""What is compiled: millions of pairs judged, and the assignment itself, over integers."""
