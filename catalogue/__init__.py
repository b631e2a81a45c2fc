"""Metadata catalogue and EHDS compliance knowledge graph for European health data."""
