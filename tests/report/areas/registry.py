"""A small registry written by hand: what is wrong with each household, and what its card must therefore say."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from audit import AuditResult, run_audit
from audit.database import Settings
from tests.conftest import AS_OF
from tests.policy import shipped

#: Two villages of one township with findings, a second township without.
EAST, WEST = "139901101001", "139901101002"
#: The secrets of its people: none may be seen anywhere unless asked for.
SECRETS = (
    "王小明",
    "赵桂兰",
    "李大山",
    "13812345678",
    "139903197401090017",
    "139903199304020024",
    "139901196001010017",
)

TABLES = {
    "households": """household_id,area_code,county_name,township_name,village_name,head_name,phone,member_count,household_type,lifted_year,monitor_category,risk_cleared
H1,139901101001,示范县,东乡,一村,王小明,13812345678,2,lifted,2018,,
H2,139901101002,示范县,东乡,二村,李大山,12,1,general,,,
H3,139901102001,示范县,西乡,三村,周平,13712345678,1,general,,,
""",
    "persons": """person_id,household_id,name,id_number,sex,birth_date,relation,health,labour_ability
P1,H1,王小明,139903197401090017,male,1974-01-09,户主,健康,ordinary
P2,H1,赵桂兰,139903199304020024,female,1993-04-02,配偶,健康,ordinary
P3,H2,李大山,139901196001010017,male,1960-01-01,户主,健康,weak
P4,H3,周平,139901196001010033,male,1960-01-01,户主,健康,weak
""",
    "incomes": """household_id,year,population,wage_income,post_income,production_income,property_income,share_dividend,transfer_income,production_expense,net_income
H1,2023,2,3000,0,1000,0,0,0,500,3500
H1,2024,2,5000,1000,2000.5,600,500,0,600.5,7000
H2,2023,1,20000,0,0,0,0,0,0,20000
H2,2024,1,30000,0,0,0,0,0,0,30000
H3,2023,1,20000,0,0,0,0,0,0,20000
H3,2024,1,30000,0,0,0,0,0,0,30000
""",
    "posts": """post_id,person_id,post_type,area_code,started_on,ended_on,annual_pay,attendance_days
G1,P2,cleaner,139901101002,2024-03-01,,3600,200
""",
    "helpers": """helper_id,name,phone,phone_status
B1,陈帮扶,13900000000,empty
""",
    "pairings": """pairing_id,household_id,helper_id,started_on,ended_on
L1,H3,B1,2024-01-01,
""",
}


def written(folder: Path, **changed: str) -> Path:
    """Write the registry as CSV files; a keyword replaces a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**TABLES, **changed}.items():
        (folder / f"{name}.csv").write_text(content, encoding="utf-8")
    return folder


def audited(folder: Path, out: Path, as_of: date = AS_OF, settings: Settings | None = None) -> AuditResult:
    """Audit it."""
    return run_audit(folder, rules=shipped(), as_of=as_of, year=2024, out=out, settings=settings)
