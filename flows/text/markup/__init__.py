"""The tree of words, and the readers that make one from Markdown."""
