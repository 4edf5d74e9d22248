"""Where a registry is: a path, or ``postgresql://user@host:port/database?schema=...``, shown without its password."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from audit.errors import InputError

SCHEMES = ("postgresql://", "postgres://")
PORT = 5432
SCHEMA = "public"
_SECRET = frozenset({"sslpassword"})


@dataclass(frozen=True)
class Address:
    """Where a database is and as whom it is read.

    Attributes:
        host: name of the server, or the folder of its socket; empty for this machine.
        port: the server's port.
        database: the database's name.
        user: who reads; empty for the name that the system or PGUSER gives.
        password: empty if the system's own password file or PGPASSWORD has it.
        schema: in which tables are looked for by their names.
        options: further settings of the connection, such as ``sslmode``.
    """

    host: str
    port: int
    database: str
    user: str = ""
    password: str = field(default="", repr=False)
    schema: str = SCHEMA
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def shown(self) -> str:
        """The address as reports name it: without user and password."""
        return f"postgresql://{self._server}/{quote(self.database)}"

    @property
    def asked(self) -> str:
        """The address with which the same database is read again, once the password is there."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        schema = {"schema": self.schema} if self.schema != SCHEMA else {}
        socket = {"host": self.host} if self.host.startswith("/") else {}
        options = {name: value for name, value in self.options.items() if name not in _SECRET}
        query = urlencode({**socket, **schema, **options})
        return f"postgresql://{user}{self._server}/{quote(self.database)}{'?' if query else ''}{query}"

    @property
    def _server(self) -> str:
        host = "" if self.host.startswith("/") else f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORT else f"{host}:{self.port}"


def is_server(place: Path | str) -> bool:
    """Whether a registry's place is the address of a database server."""
    return isinstance(place, str) and place.startswith(SCHEMES)


def read_address(text: str) -> Address:
    """Read an address.

    Raises:
        InputError: it is not understood; the message does not repeat it, for it may hold a password.
    """
    try:
        parts = urlsplit(text)
        given = dict(parse_qsl(parts.query, keep_blank_values=True))
        port, host = parts.port, parts.hostname or ""
    except ValueError as error:
        raise InputError("server.address") from error
    database = unquote(parts.path.removeprefix("/"))
    if not database or "/" in database or parts.fragment:
        raise InputError("server.address")
    schema = given.pop("schema", "") or SCHEMA
    password = given.pop("password", "") or unquote(parts.password or "")
    user = given.pop("user", "") or unquote(parts.username or "")
    host = given.pop("host", "") or unquote(host)
    return Address(host, port or PORT, database, user, password, schema, given)


def registry_place(text: str) -> Path | str:
    """Where a registry is, from what was written: the address of a server as it stands, everything else a path."""
    return text if is_server(text) else Path(text)


def shown_place(place: Path | str) -> str:
    """A registry's place as it may be written down: a server's address without its password."""
    return read_address(str(place)).asked if is_server(place) else str(place)
