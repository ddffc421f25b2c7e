"""What passes between the two sides of a transfer: the minimum data set, documents, messages."""
