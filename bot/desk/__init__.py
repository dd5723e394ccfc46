"""Takes events in: limits what customers may add, masks and measures their words, decides, and records."""
