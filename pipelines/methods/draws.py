"""Random numbers that depend only on their name: (method, seed, body, replicate), never on order or threads."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(method: str, body: str = "", replicate: int = 0, *, seed: int = 0) -> np.random.Generator:
    """A Philox stream of its own for one method, body and replicate (house.md decision 9).

    The 128-bit key is taken from method and seed; the upper half of the 256-bit counter from body and replicate, so
    that two streams lie 2**128 draws apart. A draw shared by every body (weights, for example) has body "".
    Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3.
    """
    key = np.frombuffer(hashlib.sha256(f"{method}|{seed}".encode()).digest()[:16], dtype="<u8")
    named = np.frombuffer(hashlib.sha256(body.encode()).digest()[:8], dtype="<u8")[0]
    counter = np.array([0, 0, named, replicate], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=counter))
