"""Measurements: what a picture is worth, in numbers."""
