"""How far patients manage their appointments online, counted by provider and by ICB."""
