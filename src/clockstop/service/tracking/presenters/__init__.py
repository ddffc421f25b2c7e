"""What the pages of the list show, in words."""
