"""A PostgreSQL database is a registry like a folder: the same findings, exact values, one moment, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from tests.conftest import SAMPLE
from tests.postgresql import PASSWORD, Database, load_csv

from audit import AuditResult
from audit.accepted import accepted_registry
from audit.contract.tables import TABLES
from audit.database import Settings
from audit.explain import explain_run

Audit = Callable[..., AuditResult]
HOME = "CREATE TABLE households (household_id text PRIMARY KEY, area_code text, phone text)"
TYPES = {"VARCHAR": "text", "BIGINT": "bigint", "BOOLEAN": "boolean", "DATE": "date"}


def rows(run: AuditResult, name: str, columns: str = "*") -> list[tuple[object, ...]]:
    return run.relation(name).project(columns).order("ALL").fetchall()


@pytest.fixture(scope="session")
def sample_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's accepted rows in the order of their keys: parquet/ typed, csv/ as text with Chinese headers."""
    folder = tmp_path_factory.mktemp("sample-tables")
    (folder / "parquet").mkdir()
    (folder / "csv").mkdir()
    with accepted_registry(SAMPLE, None, Settings()) as accepted:
        for feed in accepted.registry.feeds:
            table = TABLES[feed.table]
            listed = [field for field in table.fields if field.name in feed.columns]
            columns = ", ".join(f'"{field.name}"' for field in listed)
            labels = ", ".join(f'"{field.name}" AS "{field.labels[0]}"' for field in listed)
            order = ", ".join(f'"{key}"' for key in table.key)
            rows = f"SELECT {columns} FROM {table.name} ORDER BY {order}"
            accepted.con.execute(f"COPY ({rows}) TO '{folder}/parquet/{table.name}.parquet'")
            accepted.con.execute(f"COPY (SELECT {labels} FROM ({rows})) TO '{folder}/csv/{table.name}.csv'")
    return folder


def test_typed_tables_give_the_findings_of_parquet_files(
    tmp_path: Path, audited: Audit, database: Database, sample_tables: Path
) -> None:
    for path in sorted((sample_tables / "parquet").iterdir()):
        relation = duckdb.read_parquet(str(path))
        kinds = [TYPES.get(str(kind), str(kind)) for kind in relation.types]
        relation.order("ALL DESC").write_csv(str(tmp_path / "table.csv"))
        text = (tmp_path / "table.csv").read_text(encoding="utf-8")
        load_csv(database, path.stem, dict(zip(relation.columns, kinds, strict=True)), text)
        database.run(f"ALTER TABLE {path.stem} ADD PRIMARY KEY ({', '.join(TABLES[path.stem].key)})")
    from_files = audited(sample_tables / "parquet", out=tmp_path / "files")
    from_server = audited(database.address())
    assert from_server.summary.rows_read == from_files.summary.rows_read > 1000
    assert len(rows(from_server, "findings")) > 50
    # Files are numbered from their first row, tables by their keys: here that is the same.
    for name, columns in (("findings", "* EXCLUDE (source_file, source_sheet)"), ("rates", "*"), ("quarantine", "*")):
        assert rows(from_server, name, columns) == rows(from_files, name, columns), name


def test_text_tables_with_chinese_headers_give_the_findings_of_csv_files(
    tmp_path: Path, audited: Audit, database: Database, sample_tables: Path
) -> None:
    for path in sorted((sample_tables / "csv").iterdir()):
        text = path.read_text(encoding="utf-8")
        heads = [head.strip('"') for head in text.partition("\n")[0].split(",")]
        load_csv(database, TABLES[path.stem].title, dict.fromkeys(heads, "text"), text)
    from_files = audited(sample_tables / "csv", out=tmp_path / "files")
    from_server = audited(database.address())
    apart = "* EXCLUDE (source_file, source_sheet, source_row)"
    assert from_server.summary.rows_read == from_files.summary.rows_read > 1000
    assert rows(from_server, "findings", apart) == rows(from_files, "findings", apart)
    assert rows(from_server, "rates") == rows(from_files, "rates")


def test_a_row_is_named_by_its_place_in_key_order(audited: Audit, database: Database) -> None:
    database.run(HOME, "INSERT INTO households VALUES ('b', '139901101001', '2'), ('B', '139901101001', '1')")
    run = audited(database.address())
    place = f"{database.shown}"
    assert rows(run, "findings", "rule_id, subject_id, source_file, source_row") == [
        ("HHD-3", "B", place, 1),
        ("HHD-3", "b", place, 2),
    ]


def test_rows_without_a_key_are_ordered_by_all_columns(audited: Audit, database: Database) -> None:
    database.run(
        "CREATE TABLE persons (household_id text, person_id text, note json)",
        HOME,
        "INSERT INTO households VALUES ('H1', '139901101001', '13900000000')",
        "INSERT INTO persons VALUES ('H2', 'P3', '{}'), ('H1', 'P1', '{}'), ('H2', 'P2', NULL)",
    )
    run = audited(database.address())
    assert rows(run, "quarantine", 'source_sheet, source_row, value, "row"') == [
        ("public.persons", 2, "H2", '{"household_id":"H2","person_id":"P2","note":null}'),
        ("public.persons", 3, "H2", '{"household_id":"H2","person_id":"P3","note":"{}"}'),
    ]


def test_types_keep_their_exact_values(database: Database) -> None:
    database.run(
        "CREATE TYPE kind AS ENUM ('脱贫户', '一般农户')",
        "CREATE DOMAIN amount AS numeric(12, 2)",
        "CREATE TABLE households (household_id uuid PRIMARY KEY, area_code char(14), household_type kind, "
        "monitored_on timestamptz, deregistered_on timestamp, vacant_since date, risk_cleared boolean, member_count smallint, picture bytea)",
        "INSERT INTO households VALUES ('11111111-1111-1111-1111-111111111111', '139901101001', '脱贫户', "
        "'2024-05-01 23:30', '2025-01-31 10:15', '2020-02-29', true, 4, 'x')",
        "CREATE TABLE incomes (household_id text, year int, wage_income numeric, net_income amount, "
        "transfer_income double precision, post_income money, property_income real)",
        "INSERT INTO incomes VALUES ('11111111-1111-1111-1111-111111111111', 2024, 3999.9999995, 3999.99, 0.1, 12.5, 0.3)",
        "CREATE TABLE persons (person_id bigint PRIMARY KEY, household_id text, health text[])",
        "INSERT INTO persons VALUES (7, '11111111-1111-1111-1111-111111111111', array['残疾', '长期慢性病'])",
        "CREATE TABLE assets (asset_id text PRIMARY KEY, area_code text, lease_rate numeric(6, 4))",
        "INSERT INTO assets VALUES ('A', '139901101001', 0.0333)",
    )
    with accepted_registry(database.address(), None, Settings()) as accepted:
        con = accepted.con
        home = con.execute(
            "FROM households SELECT household_type, monitored_on, deregistered_on, vacant_since, risk_cleared, member_count"
        )
        assert [str(cell) for cell in home.fetchall()[0]] == [
            "lifted",
            "2024-05-01",
            "2025-01-31",
            "2020-02-29",
            "True",
            "4",
        ]
        income = con.execute(
            "FROM incomes SELECT wage_income, net_income, transfer_income, post_income, property_income"
        )
        assert [str(cell) for cell in income.fetchall()[0]] == [
            "4000.000000",
            "3999.990000",
            "0.100000",
            "12.500000",
            "0.300000",
        ]
        assert con.execute("FROM persons SELECT person_id, health").fetchall() == [("7", "残疾,长期慢性病")]
        assert [str(row[0]) for row in con.execute("FROM assets SELECT lease_rate").fetchall()] == ["0.0333000000"]
        assert con.execute("FROM cell_faults").fetchall() == []


def test_what_no_type_holds_is_a_cell_fault_and_not_a_blank(audited: Audit, database: Database) -> None:
    database.run(
        HOME,
        "INSERT INTO households VALUES ('H1', '139901101001', '13900000000'), ('H2', '139901101001', '13900000000')",
        "CREATE TABLE incomes (household_id text, year int, net_income numeric(12, 2), PRIMARY KEY (household_id, year))",
        "INSERT INTO incomes VALUES ('H1', 2024, 'NaN'), ('H2', 2024, 3999.99)",
        "CREATE TABLE visits (visit_id text PRIMARY KEY, household_id text, visited_on date)",
        "INSERT INTO visits VALUES ('V1', 'H1', 'infinity'), ('V2', 'H1', '0044-03-15 BC'), ('V3', 'H1', '2024-03-15')",
        "CREATE TABLE yard_walls (wall_id text PRIMARY KEY, household_id text, built_on date)",
        "INSERT INTO yard_walls VALUES ('W1', 'H1', '-infinity')",
    )
    run = audited(database.address())
    assert rows(run, "cell_faults", '"table", source_row, "column", value, reason') == [
        ("incomes", 1, "net_income", "NaN", "unreadable"),
        ("visits", 1, "visited_on", "infinity", "unreadable"),
        ("visits", 2, "visited_on", "0044-03-15 BC", "unreadable"),
        ("yard_walls", 1, "built_on", "-infinity", "unreadable"),
    ]


def test_texts_arrive_as_they_stand(audited: Audit, database: Database) -> None:
    database.run(
        HOME,
        "INSERT INTO households VALUES ('H1', '139901101001', '13900000000')",
        "CREATE TABLE persons (person_id text, household_id text, name text)",
        "INSERT INTO persons VALUES ('P1', 'H9', E'a\\nb,\"c\"'), ('P2', 'H9', ''), ('P3', 'H9', NULL), ('\\.', 'H9', '\\N')",
        "CREATE TABLE helpers (helper_id text)",
        "INSERT INTO helpers VALUES (NULL), ('K1'), ('')",
    )
    run = audited(database.address())
    read = [json.loads(str(row)) for table, row in rows(run, "quarantine", '"table", "row"') if table == "persons"]
    assert {row["person_id"]: row["name"] for row in read} == {"P1": 'a\nb,"c"', "P2": "", "P3": None, "\\.": "\\N"}
    # The row without any content is no row; the one with an empty key is.
    helpers = run.summary.inputs[-1]
    assert (helpers.table, helpers.rows_read, helpers.rows_accepted, helpers.rows_quarantined) == ("helpers", 2, 1, 1)


def test_a_comment_serves_as_the_header(audited: Audit, database: Database) -> None:
    database.run(
        "CREATE TABLE households (aac001 text PRIMARY KEY, aab301 text, phone text, aae005 text)",
        "COMMENT ON COLUMN households.aac001 IS '户编号'",
        "COMMENT ON COLUMN households.aab301 IS '行政区划代码'",
        "COMMENT ON COLUMN households.phone IS '户主姓名'",
        "INSERT INTO households VALUES ('H1', '139901101001', '12', 'x')",
    )
    assert rows(audited(database.address()), "findings", "rule_id, subject_id") == [("HHD-3", "H1")]


def test_views_partitions_and_other_schemas(audited: Audit, database: Database) -> None:
    database.run(
        "CREATE SCHEMA county",
        "CREATE TABLE county.base (code text, village text, tel text)",
        "INSERT INTO county.base VALUES ('H1', '139901101001', '12')",
        "CREATE VIEW county.households AS SELECT code AS household_id, village AS area_code, tel AS phone FROM county.base",
        "CREATE TABLE county.persons (person_id text, household_id text, age int) PARTITION BY HASH (person_id)",
        "CREATE TABLE county.persons_0 PARTITION OF county.persons FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
        "INSERT INTO county.persons VALUES ('P1', 'H1', 7)",
        "CREATE MATERIALIZED VIEW county.helpers AS SELECT 'K1' AS helper_id",
        "CREATE TABLE public.households (wrong text)",
    )
    run = audited(database.address(query="?schema=county"))
    assert [(one.table, one.sheet, one.rows_read) for one in run.summary.inputs] == [
        ("households", "county.households", 1),
        ("persons", "county.persons", 1),
        ("helpers", "county.helpers", 1),
    ]
    assert json.loads((run.folder / "run.json").read_text(encoding="utf-8"))["unread"] == [
        f"{database.shown} [county.base]"
    ]


def test_a_source_map_names_tables(tmp_path: Path, database: Database) -> None:
    database.run(
        "CREATE SCHEMA old",
        "CREATE TABLE old.t_member (rk_id text PRIMARY KEY, hu_id text, cun text, tel text, nsr numeric(10, 4))",
        "INSERT INTO old.t_member VALUES ('P1', 'H1', '139901101001', '12', 0.39), ('P2', 'H1', '139901101001', '12', 0.01)",
    )
    (tmp_path / "map.yaml").write_text(
        "sources:\n"
        "  - file: old.t_mem*\n"
        "    feeds:\n"
        "      - table: persons\n"
        "        columns: {person_id: rk_id, household_id: hu_id}\n"
        "      - table: households\n"
        "        one_per: household_id\n"
        "        columns: {household_id: hu_id, area_code: cun, phone: tel}\n"
        "      - table: incomes\n"
        "        sum_by: [household_id, year]\n"
        "        columns: {household_id: hu_id, year: {value: 2024}, net_income: {header: nsr, unit: 万元}}\n",
        encoding="utf-8",
    )
    with accepted_registry(database.address(), tmp_path / "map.yaml", Settings()) as accepted:
        assert accepted.con.execute("FROM households SELECT household_id, phone").fetchall() == [("H1", "12")]
        assert str(accepted.con.execute("FROM incomes SELECT net_income").fetchall()[0][0]) == "4000.000000"
        assert accepted.con.execute("SELECT count(*) FROM persons").fetchall() == [(2,)]


def test_a_table_that_grows_while_another_is_read_changes_nothing(audited: Audit, database: Database) -> None:
    database.run(
        HOME,
        "INSERT INTO households VALUES ('H1', '139901101001', '12')",
        "CREATE TABLE persons (person_id text PRIMARY KEY, household_id text)",
        "INSERT INTO persons VALUES ('P1', 'H1')",
    )
    grown = []

    def grow(step: str, what: str) -> None:
        if what == "public.persons":
            database.run("INSERT INTO persons VALUES ('P2', 'H1')", "DELETE FROM persons WHERE person_id = 'P1'")
            grown.append(what)

    first = audited(database.address())
    second = audited(database.address(), progress=grow)
    assert grown == ["public.persons"]
    assert first.run.run_id == second.run.run_id
    assert audited(database.address()).run.run_id != first.run.run_id


def test_the_same_content_gives_the_same_run_in_whatever_order_it_is_stored(audited: Audit, database: Database) -> None:
    homes = [f"('H{number}', '139901101001', '{number}')" for number in range(50)]
    database.run(HOME, f"INSERT INTO households VALUES {', '.join(homes)}")
    first = audited(database.address()).run.run_id
    database.run("DELETE FROM households", f"INSERT INTO households VALUES {', '.join(reversed(homes))}")
    assert audited(database.address()).run.run_id == first
    database.run("UPDATE households SET phone = '13900000000' WHERE household_id = 'H7'")
    assert audited(database.address()).run.run_id != first


def test_the_password_stands_nowhere(tmp_path: Path, audited: Audit, database: Database) -> None:
    database.run(HOME, "INSERT INTO households VALUES ('H1', '139901101001', '12')")
    run = audited(database.address(query="?sslmode=prefer"), out=tmp_path / "out")
    record = json.loads((run.folder / "run.json").read_text(encoding="utf-8"))
    assert record["asked"]["data"] == f"postgresql://owner@127.0.0.1:{database.port}/{database.name}?sslmode=prefer"
    assert record["inputs"][0]["file"] == database.shown
    for path in (tmp_path / "out").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert "密码".encode() not in content
            assert b"%E5%AF%86" not in content


def test_a_table_larger_than_what_is_held_at_a_time(database: Database) -> None:
    database.run(
        HOME,
        "INSERT INTO households SELECT 'H' || lpad(i::text, 7, '0'), '139901101001', repeat('x', 200) FROM generate_series(1, 100000) AS i",
    )
    with accepted_registry(database.address(), None, Settings()) as accepted:
        found = accepted.con.execute(
            "SELECT count(*), count(DISTINCT household_id), bool_and(CAST(substr(household_id, 2) AS INT) = source_row) FROM households"
        )
        assert found.fetchall() == [(100_000, 100_000, True)]


def test_a_value_without_a_type_after_many_that_have_one(database: Database) -> None:
    database.run(
        HOME,
        "CREATE TABLE incomes (household_id text, year int, net_income numeric(12, 2), since date, open boolean)",
        "INSERT INTO incomes SELECT 'H' || lpad(i::text, 7, '0'), 2024, CASE WHEN i = 300000 THEN 'NaN' ELSE i + 0.10 END, "
        "'2024-01-31', i % 2 = 0 FROM generate_series(1, 400000) AS i",
    )
    database.run("INSERT INTO households SELECT household_id, '139901101001' FROM incomes")
    with accepted_registry(database.address(), None, Settings()) as accepted:
        con = accepted.con
        (income,) = [one for one in accepted.registry.sources if one.sheet == "public.incomes"]
        assert list(income.types.values()) == ["VARCHAR", "BIGINT", "VARCHAR", "DATE", "BOOLEAN"]
        assert con.execute("SELECT count(*), count(net_income), sum(net_income) FROM incomes").fetchall() == [
            (400_000, 399_999, Decimal("79999939999.900000"))
        ]
        assert con.execute("FROM cell_faults SELECT source_row, value").fetchall() == [(300_000, "NaN")]


def test_a_household_is_explained_from_the_server(
    audited: Audit, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    database.run(HOME, "INSERT INTO households VALUES ('H1', '139901101001', '12')")
    run = audited(database.address())
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    assert not explain_run(run.folder, "H1").changes
    database.run("UPDATE households SET phone = '13'")
    (changed,) = explain_run(run.folder, "H1").changes
    assert f"{database.shown} [public.households]" in changed.message("en")
