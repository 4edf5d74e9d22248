"""Files that can't be used: one clear sentence with file, place and remedy, exit code 2, nothing published."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
import xlsxwriter
from tests.command import audit

HEAD = "户编号,村代码\n"


def empty(folder: Path) -> None:
    (folder / "households.csv").write_bytes(b"")


def empty_workbook(folder: Path) -> None:
    (folder / "households.xlsx").write_bytes(b"")


def blank_sheet(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "households.xlsx"))
    book.add_worksheet("households")
    book.close()


def truncated(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "whole.xlsx"))
    book.add_worksheet("households").write_row(0, 0, ("户编号", "村代码"))
    book.close()
    content = (folder / "whole.xlsx").read_bytes()
    (folder / "whole.xlsx").unlink()
    (folder / "households.xlsx").write_bytes(content[: len(content) // 2])


def zip_that_is_no_workbook(folder: Path) -> None:
    with zipfile.ZipFile(folder / "households.xlsx", "w") as archive:
        archive.writestr("readme.txt", "no workbook")


def text_named_xls(folder: Path) -> None:
    (folder / "households.xls").write_text("<table><tr><td>户编号</td></tr></table>", encoding="utf-8")


def wrong_encoding(folder: Path) -> None:
    (folder / "households.csv").write_bytes(HEAD.encode() + b"H1,139901101001\nH2\xff\xfe\xfd,139901101001\n")


def utf16(folder: Path) -> None:
    (folder / "households.csv").write_text(HEAD, encoding="utf-16")


def nul_bytes(folder: Path) -> None:
    (folder / "households.csv").write_bytes(HEAD.encode() + b"H1,1399\x00\n")


def no_header(folder: Path) -> None:
    (folder / "households.csv").write_text("a,b\nH1,139901101001\n", encoding="utf-8")


def column_missing(folder: Path) -> None:
    (folder / "households.csv").write_text("户编号,村\nH1,上村\n", encoding="utf-8")


def two_files_of_one_table(folder: Path) -> None:
    (folder / "households.csv").write_text(HEAD, encoding="utf-8")
    (folder / "households.xlsx").write_bytes(b"")


def two_sheets_of_one_table(folder: Path) -> None:
    book = xlsxwriter.Workbook(str(folder / "county.xlsx"))
    for name in ("households", "户信息"):
        book.add_worksheet(name).write_row(0, 0, ("户编号", "村代码"))
    book.close()


def corrupt_parquet(folder: Path) -> None:
    duckdb.execute(
        "COPY (SELECT 'H1' AS household_id, '139901101001' AS area_code FROM range(9999)) "
        f"TO '{folder / 'households.parquet'}'"
    )
    content = bytearray((folder / "households.parquet").read_bytes())
    content[-8:-4] = b"\xff\xff\xff\x7f"
    (folder / "households.parquet").write_bytes(content)


def no_database(folder: Path) -> None:
    (folder / "county.duckdb").write_text("no database", encoding="utf-8")


def no_households(folder: Path) -> None:
    (folder / "persons.csv").write_text("人编号,户编号\nP1,H1\n", encoding="utf-8")


def cells_beyond_the_header(folder: Path) -> None:
    (folder / "households.csv").write_text(HEAD + "H1,139901101001,多\n", encoding="utf-8")


CASES = [
    (empty, "", "households.csv：文件是空的。请重新导出。"),
    (empty_workbook, "", "households.xlsx：文件是空的"),
    (blank_sheet, "", "households.xlsx，工作表 households：没有任何内容"),
    (truncated, "", "households.xlsx：不是可读取的 Excel 工作簿"),
    (zip_that_is_no_workbook, "", "households.xlsx：不是可读取的 Excel 工作簿"),
    (text_named_xls, "", "households.xls：不是可读取的 Excel 工作簿"),
    (wrong_encoding, "", "households.csv，第 3 行：既不是 UTF-8 也不是 GB18030。请另存为 CSV UTF-8。"),
    (utf16, "", "households.csv：编码是 UTF-16"),
    (nul_bytes, "", "households.csv，第 2 行：含有空字节"),
    (no_header, "", "households.csv，工作表 –：前几行里找不到 households 的表头"),
    (column_missing, "", "households.csv，工作表 –：表 households 缺少必填列 area_code"),
    (two_files_of_one_table, "", "表 households 有两个来源：households.csv 和 households.xlsx"),
    (two_sheets_of_one_table, "county.xlsx", "表 households 有两个来源：households 和 户信息"),
    (corrupt_parquet, "", "households.parquet：无法作为 Parquet"),
    (no_database, "county.duckdb", "county.duckdb：无法作为 DuckDB 数据库打开"),
    (no_households, "", "没有 户信息（households）"),
    (cells_beyond_the_header, "", "households.csv，工作表 –：有 1 个单元格超出表头的 2 列"),
    (lambda _: None, "missing", "找不到"),
]


@pytest.mark.parametrize(("spoil", "name", "told"), CASES, ids=lambda one: getattr(one, "__name__", None))
def test_refused(tmp_path: Path, spoil: Callable[[Path], None], name: str, told: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    spoil(folder)
    out = tmp_path / "out"
    done = audit("run", str(folder / name), "--as-of", "2024-12-31", "--out", str(out))
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert [path.name for path in out.glob("*")] == [".lock"]
