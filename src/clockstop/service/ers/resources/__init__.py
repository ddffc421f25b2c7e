"""What goes out: our records as the resources of the API."""
