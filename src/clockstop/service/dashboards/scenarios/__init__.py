"""What if: scenarios of an area's lists, edited, held side by side, shared by their address."""
