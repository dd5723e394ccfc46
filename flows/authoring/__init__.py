"""How a flow file becomes a Flow: positioned YAML, one table of keys, and a compiler; `reader.py` is its door."""
