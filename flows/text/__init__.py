"""Text: what people read and type, and what is taken out of it."""
