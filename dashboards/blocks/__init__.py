"""Blocks of a body's pages: each turns rows of one release table into a chart or a table with its sentence and origin.

A block is None where the release has nothing for it; the page leaves it out and says so where a reader would look.
"""
