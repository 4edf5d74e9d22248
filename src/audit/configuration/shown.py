"""How a value is shown: as it is written, but never a password, nor an address or command that may hold one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from urllib.parse import urlsplit

from audit.configuration.declare import Setting

#: What stands for something that is not shown.
HIDDEN = "***"


def shown(setting: Setting, value: object) -> str:
    """A value as text for people and logs; empty where there is none.

    Of a database address the password and what follows ``?`` are hidden; of a webhook everything but the host, for its
    path is often its password; of a command all but its first word.
    """
    if value is None or value == ():
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    match setting.kind:
        case "address":
            return masked_address(str(value))
        case "webhook":
            return masked_webhook(str(value))
        case "command":
            first, _, rest = str(value).strip().partition(" ")
            return f"{first} {HIDDEN}" if rest else first
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(str(one) for one in value)
    return str(value)


def masked_address(address: str) -> str:
    """The address of a database without its password and without what follows ``?``."""
    try:
        parts = urlsplit(address)
        host = _host(parts.hostname, parts.port)
    except ValueError:
        return HIDDEN
    if not parts.scheme or not parts.netloc:
        return HIDDEN
    user = parts.username or ""
    if parts.password is not None:
        user += f":{HIDDEN}"
    rest = f"?{HIDDEN}" if parts.query or parts.fragment else ""
    return f"{parts.scheme}://{f'{user}@' if user else ''}{host}{parts.path}{rest}"


def masked_webhook(address: str) -> str:
    """The scheme and host of a webhook; the rest may be its password."""
    try:
        parts = urlsplit(address)
        host = _host(parts.hostname, parts.port)
    except ValueError:
        return HIDDEN
    if not parts.scheme or not host:
        return HIDDEN
    return f"{parts.scheme}://{host}/{HIDDEN}" if parts.path.strip("/") or parts.query else f"{parts.scheme}://{host}"


def _host(name: str | None, port: int | None) -> str:
    return f"{name or ''}{f':{port}' if port else ''}"
