"""What a database server's refusals mean, as sentences with a remedy; its own words may hold values and stay out."""

from __future__ import annotations

import re

import psycopg

from audit.errors import InputError
from audit.model.registry_place import Address

#: A server that answers says so in its own language; what stands in English here comes from this side.
_ANSWERED = re.compile(r"\b[A-Z]{5,}: {1,2}|错误: |fe_sendauth")
_NO_DATABASE = re.compile(r'database ".*" does not exist|数据库 ".*" 不存在')
#: SQLSTATE of what can happen while a table is read.
_WHILE_READING = {
    "42501": "server.permission",
    "40001": "server.cancelled",
    "57014": "server.cancelled",
    "55P03": "server.locked",
    "22021": "server.encoding",
    "22P05": "server.encoding",
}


def login_error(address: Address, error: psycopg.Error) -> InputError:
    """Why the server could not be reached or does not let us in."""
    said = str(error).strip().splitlines()
    words = said[0].rpartition(" failed: ")[2] if said else ""
    values = {"place": address.shown, "words": words}
    if isinstance(error, psycopg.ProgrammingError):
        return InputError("server.option", **values)
    if not _ANSWERED.search(str(error)):
        return InputError("server.unreachable", **values)
    if error.pgconn is not None and error.pgconn.needs_password:
        return InputError("server.password_needed", **values)
    if _NO_DATABASE.search(words):
        return InputError("server.no_database", **values, database=address.database)
    return InputError("server.refused", **values)


def reading_error(address: Address, table: str, con: psycopg.Connection, error: psycopg.Error) -> InputError:
    """Why a table could not be read to its end."""
    place = {"place": address.shown, "table": table or "–"}
    if con.broken or error.sqlstate is None:
        return InputError("server.lost", **place)
    if key := _WHILE_READING.get(error.sqlstate):
        return InputError(key, **place, user=con.info.user)
    return InputError("server.failed", **place, state=f"{error.sqlstate} {type(error).__name__}")
