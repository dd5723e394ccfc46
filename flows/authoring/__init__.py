"""Reads a flow file into a Flow: YAML with positions, one table of keys, and a compiler; start at `reader.py`."""
