"""The figures of England, regions, ICBs and providers, held against the national targets."""
