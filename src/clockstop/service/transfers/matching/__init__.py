"""Which request could go where: proposed to the hub, never applied."""
