"""Immutable releases: built from tables, named by content, published by one pointer, verified, rebuilt, explained."""
