"""How much longer one person waits."""
