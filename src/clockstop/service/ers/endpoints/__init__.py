"""The operations, each a function of the call that was let in."""
