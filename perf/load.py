"""Readers who ask a server over real HTTP: `python -m perf.load < task.json`, answers as JSON on standard output.

A process of its own, so that it competes with the server as another program would and never inside it. The task: port,
users, pause (mean seconds between an answer and the next request; 0 asks at once), seconds, and requests as a list of
[method, path, body]; each user takes the next one of the list, from the start again at its end. Connections are kept.
The answer: milliseconds of every request, how many failed (status of 400 and above, or cut off), bytes received, and
the share of a core that this process itself took.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from dataclasses import dataclass, field
from itertools import cycle
from time import perf_counter, process_time
from typing import Any

import uvloop

HEAD_END = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


@dataclass
class Tally:
    """What all users saw together."""

    took: list[float] = field(default_factory=list)
    failed: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    received: int = 0

    def fault(self, what: str) -> None:
        self.failed += 1
        self.failures[what] = self.failures.get(what, 0) + 1


def message(method: str, path: str, body: str) -> bytes:
    """The bytes that a browser sends."""
    head = [
        f"{method} {path} HTTP/1.1",
        "Host: localhost",
        "Accept-Encoding: gzip, deflate, br, zstd",
        *(["Content-Type: application/json", f"Content-Length: {len(body.encode())}"] if body else []),
    ]
    return "\r\n".join([*head, "", body]).encode() if body else "\r\n".join([*head, "", ""]).encode()


class User(asyncio.Protocol):
    """One reader on one connection: asks, waits for the whole answer, pauses, asks again."""

    def __init__(self, requests: Any, pause: float, until: float, tally: Tally, rng: random.Random) -> None:
        self.requests, self.pause, self.until, self.tally, self.rng = requests, pause, until, tally, rng
        self.held = bytearray()
        self.begun = 0.0

    def connection_made(self, transport: Any) -> None:
        self.line = transport
        wait = self.rng.uniform(0, self.pause)  # readers do not begin together
        asyncio.get_running_loop().call_later(wait, self.ask)

    def ask(self) -> None:
        if perf_counter() >= self.until:
            self.line.close()
            return
        self.begun = perf_counter()
        self.line.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.held += data
        end = self.held.find(HEAD_END)
        if end < 0 or not complete(self.held, end):
            return
        now = perf_counter()
        self.tally.took.append(1000 * (now - self.begun))
        self.tally.received += len(self.held)
        status = int(self.held[9:12])
        if status >= 400:
            self.tally.fault(str(status))
        self.held.clear()
        self.begun = 0.0
        if self.pause:
            asyncio.get_running_loop().call_later(self.rng.uniform(0.5, 1.5) * self.pause, self.ask)
        else:
            self.ask()

    def connection_lost(self, error: Exception | None) -> None:
        if self.begun:
            self.tally.fault("cut off")


def complete(held: bytearray, end: int) -> bool:
    """Whether a whole answer is at hand, by its stated length or its last chunk."""
    head = bytes(held[:end]).lower()
    place = head.find(b"content-length:")
    if place < 0:
        return held.endswith(LAST_CHUNK)
    length = int(head[place + 15 :].split(b"\r\n", 1)[0])
    return len(held) >= end + len(HEAD_END) + length


async def crowd(task: dict[str, Any]) -> Tally:
    """All users until the time is over; answers that are still on their way are waited for."""
    tally, rng = Tally(), random.Random(task.get("seed", 0))
    requests = cycle([message(*request) for request in task["requests"]])
    until = perf_counter() + task["seconds"]
    loop = asyncio.get_running_loop()
    users = [
        await loop.create_connection(
            lambda: User(requests, task["pause"], until, tally, rng), "127.0.0.1", task["port"]
        )
        for _ in range(task["users"])
    ]
    await asyncio.sleep(max(0.0, until - perf_counter()))
    for _ in range(100):
        if not any(user.begun for _, user in users):
            break
        await asyncio.sleep(0.1)
    return tally


def main() -> None:
    """Read the task, ask, print what was seen."""
    task = json.load(sys.stdin)
    begun, busy = perf_counter(), process_time()
    tally = uvloop.run(crowd(task))
    share = (process_time() - busy) / (perf_counter() - begun)
    found = {"took": tally.took, "failed": tally.failed, "failures": tally.failures, "received": tally.received}
    json.dump({**found, "seconds": task["seconds"], "core": share}, sys.stdout)


if __name__ == "__main__":
    main()
