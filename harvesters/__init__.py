"""Harvesters: one small module for each kind of node; the node files in ``nodes/`` say which nodes there are."""
