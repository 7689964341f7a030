"""One module per publisher's dataset: bytes in, cells out. No network, no database, no pack."""
