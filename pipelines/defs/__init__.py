"""Thin Dagster over the steps of the walk: nothing here computes."""
