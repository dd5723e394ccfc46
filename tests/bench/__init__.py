"""Benchmarks: run by `make bench`, never by the tests. Figures are medians of one run; read the ratios."""
