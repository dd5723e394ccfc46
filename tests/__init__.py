"""The tests; start with `stories`, the guided tour."""
