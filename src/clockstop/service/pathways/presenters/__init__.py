"""What pages show, as plain values: entries, clocks and findings in words. Pure."""
