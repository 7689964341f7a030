"""Packs: a sector described as data. `schema` is its shape, `load` reads and checks it."""
