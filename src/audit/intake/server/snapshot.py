"""One look at a database: everything is read in one transaction that sees the same moment and changes nothing."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
from psycopg.conninfo import make_conninfo

from audit.errors import InputError
from audit.intake.server.columns import ServerColumn, copy_sql
from audit.intake.server.trouble import login_error, reading_error
from audit.model.registry_place import Address, read_address

_SECONDS_TO_CONNECT = "20"
#: A night's reading may take long, but it does not wait for ever behind somebody who changes a table.
_SETTINGS = (
    "SET LOCAL datestyle = 'ISO'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
    "SET LOCAL lock_timeout = '60s'",
)
_TABLES = """
SELECT n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
  AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
"""
_COLUMNS = """
SELECT a.attname,
  CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod) ELSE format_type(a.atttypid, a.atttypmod) END,
  coalesce(col_description(c.oid, a.attnum), ''),
  coalesce(array_position(i.indkey::int2[], a.attnum) + 1, 0),
  has_schema_privilege(n.oid, 'USAGE') AND has_column_privilege(c.oid, a.attnum, 'SELECT')
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type AS t ON t.oid = a.atttypid
LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE n.nspname = %s AND c.relname = %s
ORDER BY a.attnum
"""


@dataclass(frozen=True)
class Snapshot:
    """A database as it was at one moment.

    Attributes:
        address: where it is.
        con: the connection, in a transaction that only reads.
    """

    address: Address
    con: psycopg.Connection

    def tables(self) -> list[tuple[str, str]]:
        """Schema and name of every table and view."""
        return [(str(schema), str(table)) for schema, table in self._rows("", _TABLES)]

    def schemas(self) -> list[str]:
        """The schemas that hold tables, and those that hold none yet."""
        found = self._rows("", "SELECT nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1")
        return [str(row[0]) for row in found if row[0] != "information_schema"]

    def columns(self, schema: str, table: str) -> list[ServerColumn]:
        """The columns of a table that may be read.

        Raises:
            InputError: none may be read.
        """
        found: list[ServerColumn] = []
        refused: list[ServerColumn] = []
        for name, kind, comment, key, may in self._rows(f"{schema}.{table}", _COLUMNS, schema, table):
            (found if may else refused).append(ServerColumn(str(name), str(kind), str(comment), int(str(key))))
        if not found:
            user = self.con.info.user
            raise InputError("server.permission", place=self.address.shown, table=f"{schema}.{table}", user=user)
        if any(column.key for column in refused) or any(column.key and not column.readable for column in found):
            # Part of a key does not tell rows apart: then all columns say the order.
            return [replace(column, key=0) for column in found]
        return found

    def _rows(self, table: str, sql: str, *values: str) -> list[tuple[object, ...]]:
        try:
            return self.con.execute(sql, values or None).fetchall()
        except psycopg.Error as error:
            raise reading_error(self.address, table, self.con, error) from error

    def blocks(self, schema: str, table: str, columns: list[ServerColumn], size: int) -> Generator[bytes]:
        """A table as CSV, in pieces of about ``size`` bytes that end with a row.

        Raises:
            InputError: the server does not give it, or the connection is lost.
        """
        try:
            with self.con.cursor() as cursor, cursor.copy(copy_sql(schema, table, columns)) as copy:
                rows: list[bytes] = []
                held = 0
                # The server sends one row at a time.
                while row := copy.read():
                    rows.append(bytes(row))
                    held += len(row)
                    if held >= size:
                        yield b"".join(rows)
                        rows, held = [], 0
                if rows:
                    yield b"".join(rows)
        except psycopg.Error as error:
            raise reading_error(self.address, f"{schema}.{table}", self.con, error) from error


@contextmanager
def snapshot(place: str) -> Iterator[Snapshot]:
    """Open a database for reading, as it is at this moment.

    Raises:
        InputError: the address is not understood, or the server does not let us in.
    """
    address = read_address(place)
    given = {
        "host": address.host,
        "port": str(address.port),
        "dbname": address.database,
        "user": address.user,
        "password": address.password,
        "client_encoding": "UTF8",
        "connect_timeout": _SECONDS_TO_CONNECT,
        "application_name": "household-audit",
        **address.options,
    }
    try:
        con = psycopg.connect(make_conninfo("", **{name: value for name, value in given.items() if value}))
    except psycopg.Error as error:
        raise login_error(address, error) from error
    with con:
        con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        con.read_only = True
        # A pool of connections may hand the next statement to another session, which would not know it.
        con.prepare_threshold = None
        try:
            for setting in _SETTINGS:
                con.execute(setting)
        except psycopg.Error as error:
            raise reading_error(address, "", con, error) from error
        yield Snapshot(address, con)
