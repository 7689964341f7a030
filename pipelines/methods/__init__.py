"""Pure statistics: arrays in, arrays out. They know no framework, file, clock or network.

Numbers are float64 and NaN means "no value"; why it is absent stands in a status beside it (`status.py`).
Every module carries the card (`card.Method`) that a release and the method pages quote.
"""
