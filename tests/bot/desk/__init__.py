"""Tests of the way in for events."""
