"""What mutual aid came to: how far requests got, how long it took, what it saved, for whom."""
