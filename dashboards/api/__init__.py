"""The open-data face: a read-only JSON interface over the releases, described by its own OpenAPI document."""
