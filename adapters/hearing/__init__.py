"""Measures with a sentence encoder what a customer's words are close to in meaning."""
