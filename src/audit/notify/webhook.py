"""Posts the summary to a webhook: one address, no detours, no waiting beyond the time it has."""

from __future__ import annotations

import base64
import http.client
import threading
import urllib.error
import urllib.request
from urllib.parse import unquote, urlsplit, urlunsplit

from audit.errors import AuditError

SCHEMES = ("http", "https")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: a POST that is followed arrives without its content, or at somebody else's."""

    def redirect_request(self, *_: object) -> None:
        """Say that there is nothing to follow, so that the answer counts as a failure with its number."""


def post(address: str, content: bytes, timeout: float) -> None:
    """Post JSON to an address; proxies of the environment are not used.

    Args:
        address: http or https; a user and password in it are sent as such.
        content: the JSON text.
        timeout: how many seconds it may take in all.

    Raises:
        AuditError: nobody answers in time, or the answer is no success. The message names the host alone.
    """
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in SCHEMES or not host:
        raise AuditError("notification.no_webhook", host=host)
    failures: list[Exception] = []

    def ask() -> None:
        try:
            _ask(address, content, timeout)
        except Exception as error:
            failures.append(error)

    # The time limit of a socket counts each waiting alone, and looking a name up has none: the thread is left behind.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(timeout)
    if thread.is_alive():
        raise AuditError("notification.webhook_slow", host=host, seconds=f"{timeout:g}")
    if failures:
        raise failures[0]


def _ask(address: str, content: bytes, timeout: float) -> None:
    parts = urlsplit(address)
    host = parts.hostname or ""
    headers = {"Content-Type": "application/json", "User-Agent": "household-audit"}
    credentials, _, place = parts.netloc.rpartition("@")
    if credentials:
        headers["Authorization"] = f"Basic {base64.b64encode(unquote(credentials).encode()).decode()}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    try:
        plain = urlunsplit((parts.scheme, place, parts.path, parts.query, ""))
        request = urllib.request.Request(plain, data=content, headers=headers, method="POST")
        opener.open(request, timeout=timeout).close()
    except urllib.error.HTTPError as error:
        error.close()
        raise AuditError("notification.webhook_refused", host=host, code=error.code) from error
    except TimeoutError as error:
        raise AuditError("notification.webhook_slow", host=host, seconds=f"{timeout:g}") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise AuditError("notification.webhook_slow", host=host, seconds=f"{timeout:g}") from error
        raise AuditError("notification.webhook_unreachable", host=host) from error
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise AuditError("notification.webhook_unreachable", host=host) from error
