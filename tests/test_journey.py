"""One named row from the workbook it stands in to the page on which township staff read it."""

from __future__ import annotations

import json

import python_calamine

from audit import AuditResult
from tests.conftest import SAMPLE

#: The household planted as "人均 3500 元 … 未纳入监测": its first member stands in row 27 of the wide export.
HOUSEHOLD = "139903101001006"


def test_from_the_workbook_to_the_page(sample_run: AuditResult) -> None:
    book = python_calamine.CalamineWorkbook.from_path(str(SAMPLE / "防返贫监测信息.xlsx"))
    rows = book.get_sheet_by_name("监测信息").to_python(skip_empty_area=False)
    number = next(place for place, row in enumerate(rows, start=1) if row[1] == HOUSEHOLD)
    members = sum(1 for row in rows if row[1] == HOUSEHOLD)
    found = sample_run.relation("findings").filter(f"rule_id = 'INC-4' AND subject_id = '{HOUSEHOLD}'")
    (finding,) = found.to_arrow_table().to_pylist()
    assert (finding["source_file"], finding["source_row"]) == ("防返贫监测信息.xlsx", number)
    assert (finding["severity"], finding["subject_type"], finding["household_id"]) == ("high", "household", HOUSEHOLD)
    assert (finding["area_code"], finding["presence"], str(finding["first_seen"])) == (
        "139903101001",
        "new",
        "2024-12-31",
    )
    assert finding["message"] == "人均纯收入 3500 元，低于 4000 元，未纳入监测"
    assert finding["message_en"] == "Net income per head is 3500 yuan, below 4000; the household is not monitored."
    assert json.loads(finding["evidence"]) == {
        "pc": 3500, "lifted_year": int(float(str(rows[number - 1][10]))), "net": 3500 * members, "population": members,
        "audit_year": 2024, "low_income_line": 4000,
        "parameters": {"low_income_line": {
            "valid_from": "2020-01-01", "area": "", "state": "in_force",
            "source": "方案三(三)所用的 4000 元线（各地各年监测线不同，请按本省文件填写）",
        }},
    }  # fmt: skip
    village = "areas/139903101000/139903101001.html"
    page = (sample_run.folder / village).read_text(encoding="utf-8")
    card = page[page.index(f' id="household-{HOUSEHOLD}"') :].partition("</article>")[0]
    for told in ("INC-4", finding["message"], f"来源：防返贫监测信息.xlsx [监测信息] 第 {number} 行"):
        assert told in card
    head = str(rows[number - 1][6]).strip()
    assert head not in card
    assert head[0] + "*" * (len(head) - 1) in card
    rule = (sample_run.folder / "rules" / "INC-4.html").read_text(encoding="utf-8")
    assert f'href="../{village}#household-{HOUSEHOLD}"' in rule
    assert f"防返贫监测信息.xlsx [监测信息] 第 {number} 行" in rule
    index = (sample_run.folder / "index.html").read_text(encoding="utf-8")
    assert 'href="areas/139903101000/index.html"' in index


def test_the_run_is_written_down(sample_run: AuditResult) -> None:
    record = json.loads((sample_run.folder / "run.json").read_text(encoding="utf-8"))
    assert record["run_id"] == sample_run.folder.name == sample_run.summary.run_id
    assert record["as_of"] == "2024-12-31"
    line = next(one for one in record["parameters"] if one["name"] == "low_income_line")
    assert (line["value"], line["valid_from"], line["state"]) == ("4000", "2020-01-01", "in_force")
    rule = next(one for one in record["rules"] if one["rule_id"] == "INC-4")
    assert (rule["population"], rule["flagged"], rule["status"]) == (5, 3, "evaluated")
    assert (sample_run.folder.parent / "latest").resolve() == sample_run.folder.resolve()


def test_results_as_relation_arrow_and_pandas(sample_run: AuditResult) -> None:
    count = len(sample_run.relation().fetchall())
    assert count == 62
    assert sample_run.arrow("findings").num_rows == count
    assert len(sample_run.pandas("findings")) == count
