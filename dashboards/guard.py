"""What is turned away before it reaches a page: strange hosts, callbacks that no page sends, faults without a trace.

A refusal is one sentence of plain text. Dash itself answers a callback of another shape with a fault, so its body is
compared here with the callbacks that exist; those with ids of patterns, which no page has, would be refused too.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from typing import Any

from dash import Dash
from dash.exceptions import DependencyException, InvalidResourceError
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

CALLBACK = "/_dash-update-component"
HOST = re.compile(r"([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[[0-9A-Fa-f:.]+\])?(:[0-9]{1,5})?")
SENTENCES = {
    400: "This request cannot be read.",
    404: "There is nothing at this address.",
    405: "This address does not take this kind of request.",
    408: "This request took too long to arrive.",
    413: "This request is larger than any that a page sends.",
    415: "This address takes JSON only.",
    416: "The file has no such part.",
    429: "This address asks for more new answers than it may have in a minute. Try again in a minute.",
}
LOG = logging.getLogger(__name__)


def sentence(status: int, words: str = "") -> Response:
    """A refusal as one sentence."""
    said = words or SENTENCES.get(status, "This request was refused.")
    return Response(f"{said}\n", status, content_type="text/plain; charset=utf-8")


def guard_hosts(server: Flask) -> None:
    """Refuse a Host header that is no host, before anything is made or looked up."""

    @server.before_request
    def check_host() -> Response | None:
        host = request.environ.get("HTTP_HOST", "")
        return None if len(host) <= 260 and HOST.fullmatch(host) else sentence(400, "This host name cannot be read.")


def guard(server: Flask, app: Dash) -> None:
    """Refuse callbacks of another shape than the app's own; answer every fault with one sentence."""

    @server.before_request
    def check_callback() -> Response | None:
        if request.path != CALLBACK or request.method != "POST":
            return None
        if not request.is_json:
            return sentence(415)
        try:
            body = json.loads(request.get_data())
        except (ValueError, RecursionError):
            return sentence(400, "The body of this request is not JSON.")
        return None if expected(body, app.callback_map) else sentence(400, "No page sends such a request.")

    @server.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        answer = sentence(error.code or 500)
        kept = {"Allow", "Content-Range", "Retry-After"}
        answer.headers.extend((name, value) for name, value in error.get_headers() if name in kept)
        return answer

    @server.errorhandler(DependencyException)
    @server.errorhandler(InvalidResourceError)
    def no_such_part(_: Exception) -> Response:
        return sentence(404)

    @server.errorhandler(Exception)
    def failed(_: Exception) -> Response:
        LOG.exception("request failed: %s", request.path[:400])
        return sentence(500, "This answer could not be made. Nothing else is affected; load the page again.")


def expected(body: object, callbacks: Mapping[str, Any]) -> bool:
    """Whether a body names a callback of the server with exactly its inputs, states and outputs."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        return False
    known = callbacks.get(body["output"])
    if known is None or "callback" not in known:
        return False
    output = known["output"]
    wanted = output if isinstance(output, list | tuple) else [output]
    outputs = body.get("outputs")
    changed = body.get("changedPropIds", [])
    return (
        named(body.get("inputs"), [(each["id"], each["property"]) for each in known["inputs"]])
        and named(body.get("state", []), [(each["id"], each["property"]) for each in known["state"]])
        and isinstance(outputs, list) == isinstance(output, list | tuple)
        and named(
            outputs if isinstance(outputs, list) else [outputs],
            [(each.component_id, each.component_property) for each in wanted],
        )
        and isinstance(changed, list)
        and all(isinstance(each, str) for each in changed)
    )


def named(found: object, wanted: list[tuple[str, str]]) -> bool:
    """Whether a list of parts holds these ids and properties, in this order."""
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        return False
    return [(each.get("id"), each.get("property")) for each in found] == wanted
