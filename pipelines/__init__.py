"""Evenhand: from publishers' files to checked, immutable benchmark releases."""
