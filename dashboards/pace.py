"""How many new answers one reader may have made in a minute. Kept answers cost nothing and are not counted.

Each worker counts for itself, so that a reader gets at most PACE times the number of workers. Readers on the machine
itself are not held back: whoever serves to the world does so through a proxy, which says whom it asks for.
"""

from __future__ import annotations

from ipaddress import ip_address

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.middleware.proxy_fix import ProxyFix

PACE = "240 per minute"


def believe_proxies(server: Flask, proxies: int) -> None:
    """Take a reader's address and scheme from as many proxies as stand in front; from none unless told."""
    if proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]


def keep_pace(server: Flask) -> None:
    """Answer 429 to a reader who asks for more. Registered after kept answers are recalled, so that those go out."""
    limiter = Limiter(get_remote_address, app=server, application_limits=[PACE], storage_uri="memory://")
    limiter.request_filter(on_this_machine)


def on_this_machine() -> bool:
    """Whether the request comes from the machine that serves."""
    return ip_address(request.remote_addr or "127.0.0.1").is_loopback
