"""A database that can't be read: one sentence with the address, the table and the remedy, never the password."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

import pytest
from tests.postgresql import Database, Server

from audit import AuditResult
from audit.cli.main import run
from audit.errors import InputError, SourceMapError
from audit.model.registry_place import read_address, registry_place, shown_place

Audit = Callable[..., AuditResult]
HOME = "CREATE TABLE households (household_id text PRIMARY KEY, area_code text, phone text)"


def told(audited: Audit, address: str) -> str:
    with pytest.raises(InputError) as caught:
        audited(address)
    for lang in ("zh", "en"):
        assert "geheim" not in caught.value.message(lang)
        assert "密码#" not in caught.value.message(lang)
    return caught.value.message("en")


class Address(TypedDict, total=False):
    """What differs from an address that lets us in."""

    user: str
    password: str | None
    query: str
    host: str
    port: int
    name: str


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"password": "geheim"}, ": the server refuses the login (FATAL:  password authentication failed"),
        ({"user": "stranger", "password": "geheim"}, ": the server refuses the login (FATAL:  password authentication"),
        ({"password": None}, ": the server wants a password. Put it into ~/.pgpass (mode 600) or PGPASSWORD."),
        ({"name": "nowhere"}, "/nowhere: the server has no database nowhere. Check the database's name"),
        ({"port": 1}, ":1/"),
        ({"port": 1}, "the server can't be reached (Connection refused). Check host and port"),
        ({"host": "nowhere.invalid"}, "postgresql://nowhere.invalid:"),
        ({"host": "nowhere.invalid"}, "the server can't be reached"),
        ({"query": "?schema=pblic"}, ": there is no schema pblic, or user owner can't see it. Nearest: public."),
        ({"query": "?colour=red"}, ': a setting in the address is not accepted (invalid connection option "colour")'),
        ({"query": "?sslmode=require"}, "the server can't be reached (server does not support SSL"),
    ],
)
def test_a_server_that_does_not_let_us_in(
    audited: Audit,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    given: Address,
    expected: str,
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    monkeypatch.delenv("PGPASSWORD", raising=False)
    assert expected in told(audited, Database(server.port, "postgres").address(**given))


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://owner:ge/heim@127.0.0.1/x",
        "postgresql://owner:geheim@127.0.0.1:port/x",
        "postgresql://owner:geheim@127.0.0.1",
        "postgres://owner:geheim@127.0.0.1/x#geheim",
        "postgresql://owner:geheim@[::1/x",
    ],
)
def test_an_address_that_is_not_understood_is_not_repeated(audited: Audit, address: str) -> None:
    assert told(audited, address).startswith("The database's address is not understood")


def test_no_right_to_read_a_table(audited: Audit, database: Database) -> None:
    database.run(HOME, "DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN PASSWORD 'geheim'")
    address = database.address("reader", "geheim")
    told_so = told(audited, address)
    assert told_so.startswith(f"{database.shown}: user reader may not read public.households.")
    assert "GRANT SELECT ON public.households TO reader" in told_so
    # Columns that may not be read are columns that the registry does not have.
    database.run("INSERT INTO households VALUES ('H1', '139901101001', '12')")
    database.run("GRANT SELECT (household_id, area_code) ON households TO reader")
    assert audited(address).relation("findings").fetchall() == []


def test_a_view_over_a_table_that_may_not_be_read(audited: Audit, database: Database) -> None:
    database.run(
        "DROP ROLE IF EXISTS viewer",
        "CREATE ROLE viewer LOGIN PASSWORD 'geheim'",
        "CREATE TABLE base (household_id text, area_code text)",
        "CREATE VIEW households WITH (security_invoker) AS SELECT * FROM base",
        "GRANT SELECT ON households TO viewer",
    )
    assert "user viewer may not read public.households" in told(audited, database.address("viewer", "geheim"))


def test_the_connection_is_lost_in_the_middle(tmp_path: Path, audited: Audit, database: Database) -> None:
    database.run(
        "CREATE VIEW households AS SELECT 'H' || i AS household_id, '139901101001' AS area_code, "
        "CASE WHEN i = 90000 THEN pg_terminate_backend(pg_backend_pid()) END AS remark FROM generate_series(1, 100000) AS i"
    )
    message = told(audited, database.address())
    assert message.startswith(
        f"{database.shown}, public.households: the connection to the server was lost in the middle."
    )
    assert not list((tmp_path / "reports").glob("2*"))
    database.run("DROP VIEW households", HOME)
    audited(database.address())


def test_a_view_that_fails_shows_no_value(audited: Audit, database: Database) -> None:
    database.run(
        "CREATE TABLE base (household_id text, income text)",
        "INSERT INTO base VALUES ('H1', '张三geheim')",
        "CREATE VIEW households AS SELECT household_id, '139901101001' AS area_code, income::numeric FROM base",
    )
    message = told(audited, database.address())
    assert "public.households: the server reports 22P02 InvalidTextRepresentation and can't go on" in message


def test_the_server_cancels_the_reading(audited: Audit, database: Database) -> None:
    database.run(
        "CREATE VIEW households AS SELECT 'H' || i AS household_id, '139901101001' AS area_code, "
        "CASE WHEN i = 9 THEN pg_cancel_backend(pg_backend_pid()) END AS remark FROM generate_series(1, 100) AS i"
    )
    assert "the server cancelled the reading. On a standby, turn on hot_standby_feedback" in told(
        audited, database.address()
    )


def test_a_picture_is_no_phone_number(audited: Audit, database: Database) -> None:
    database.run("CREATE TABLE households (household_id text, area_code text, phone bytea)")
    assert "public.households: column phone is of type bytea, which can't be read" in told(audited, database.address())
    database.run("DROP TABLE households", "CREATE TABLE households (picture bytea)")
    assert "public.households: no column can be read" in told(audited, database.address())


def test_nothing_that_is_a_registry(audited: Audit, database: Database) -> None:
    assert "households" in told(audited, database.address())
    database.run('CREATE TABLE "户信息" (household_id text)', "CREATE TABLE households (household_id text)")
    assert "public.households" in told(audited, database.address())


def test_a_map_that_names_no_table(tmp_path: Path, audited: Audit, database: Database) -> None:
    database.run(HOME)
    (tmp_path / "map.yaml").write_text(
        "sources:\n  - file: public.household\n    feeds:\n      - table: households\n", encoding="utf-8"
    )
    with pytest.raises(SourceMapError) as caught:
        audited(database.address(), source_map=tmp_path / "map.yaml")
    assert (
        'map.yaml, line 2: there is no table or view "public.household" (write schema.table). Nearest: public.hou'
        in (caught.value.message("en"))
    )


def test_the_driver_is_not_installed(monkeypatch: pytest.MonkeyPatch, audited: Audit) -> None:
    for name in [name for name in sys.modules if name.startswith(("psycopg", "audit.intake.server.read"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    for name in ("load", "snapshot", "trouble"):
        monkeypatch.delitem(sys.modules, f"audit.intake.server.{name}", raising=False)
    assert "pip install 'household-audit[postgresql]'" in told(audited, "postgresql://owner:geheim@127.0.0.1/x")


def test_the_command_line_takes_an_address_as_data(
    tmp_path: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    database.run(HOME, "INSERT INTO households VALUES ('H1', '139901101001', '12')")
    assert (
        run(["run", database.address(), "--as-of", "2024-12-31", "--out", str(tmp_path / "out"), "--lang", "en"]) == 0
    )
    assert "HHD-3" in capsys.readouterr().out
    assert run(["run", "--source", database.address(), "--as-of", "2024-12-31", "--out", str(tmp_path / "out")]) == 0
    assert len(list((tmp_path / "out").glob("2024-12-31-*"))) == 1
    assert run(["run", database.address(password="geheim"), "--out", str(tmp_path / "out"), "--lang", "en"]) == 2
    assert "the server refuses the login" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written", "shown", "asked"),
    [
        ("postgres://u:p@host/db", "postgresql://host/db", "postgresql://u@host/db"),
        ("postgresql://host:6432/县", "postgresql://host:6432/%E5%8E%BF", "postgresql://host:6432/%E5%8E%BF"),
        ("postgresql://u:a@b@host/db", "postgresql://host/db", "postgresql://u@host/db"),
        (
            "postgresql://u@host/db?schema=s&password=p&sslpassword=p&sslmode=require",
            "postgresql://host/db",
            "postgresql://u@host/db?schema=s&sslmode=require",
        ),
        ("postgresql:///db?host=/run/pg", "postgresql:///db", "postgresql:///db?host=%2Frun%2Fpg"),
        ("postgresql://[::1]:5433/db", "postgresql://[::1]:5433/db", "postgresql://[::1]:5433/db"),
    ],
)
def test_an_address_is_shown_without_its_secrets(written: str, shown: str, asked: str) -> None:
    address = read_address(written)
    assert (address.shown, shown_place(written)) == (shown, asked)
    assert read_address(asked).asked == asked
    assert "password" not in repr(address)


def test_everything_else_is_a_path() -> None:
    assert registry_place("data/sample") == Path("data/sample")
    assert registry_place("postgresql://host/db") == "postgresql://host/db"
