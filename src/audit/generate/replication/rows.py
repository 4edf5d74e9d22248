"""Rows of the replication registry: households, people with valid made-up numbers, and any other table."""

from __future__ import annotations

import random
from datetime import date

from audit.contract.tables import TABLES

AS_OF = date(2025, 1, 31)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑"
GIVEN = ("伟", "芳", "秀英", "敏", "静", "强", "磊", "军", "洋", "勇", "艳", "桂英", "玉兰", "建国", "志强", "春梅")


def check_character(digits: str) -> str:
    """The last character of an identity number: GB 11643-1999."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS, strict=True)) % 11]


class Registry:
    """Rows by table, and the numbers already given out."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.rows: dict[str, list[dict[str, object]]] = {name: [] for name in TABLES}
        self._order: dict[tuple[str, date, str], int] = {}

    def add(self, table: str, **row: object) -> None:
        """Add a row."""
        self.rows[table].append(row)

    def next_id(self, table: str, letter: str) -> str:
        """The next number of a table."""
        return f"{letter}{len(self.rows[table]) + 1:05d}"

    def name(self) -> str:
        """A made-up name."""
        return self.chance.choice(SURNAMES) + self.chance.choice(GIVEN)

    def born(self, age: int) -> date:
        """A day of birth of someone of an age as of the audit."""
        return date(AS_OF.year - age - 1, self.chance.randint(2, 12), self.chance.randint(1, 28))

    def number(self, county: str, born_on: date, sex: str) -> str:
        """A valid identity number with an unassigned area code that nobody else here has."""
        order = self._order[county, born_on, sex] = self._order.get((county, born_on, sex), 0) + 1
        digits = f"{county}{born_on:%Y%m%d}{order * 2 - (1 if sex == 'male' else 0):03d}"
        return digits + check_character(digits)

    def household(self, area_code: str, village: str, **given: object) -> str:
        """Add a household and give its number."""
        household_id = self.next_id("households", "H")
        phone = f"13{self.chance.randint(0, 999_999_999):09d}"
        row: dict[str, object] = {
            "household_id": household_id,
            "area_code": area_code,
            "county_name": f"示例{'一二三四'[int(area_code[5]) - 1]}县",
            "township_name": f"示例{int(area_code[6:9]) - 100}镇",
            "village_name": village,
            "phone": phone,
            "household_type": "lifted",
            "lifted_year": 2018,
            "coop_member": False,
            "enterprise_led": False,
        }
        self.rows["households"].append({**row, **given})
        return household_id

    def person(self, household_id: str, county: str, age: int, sex: str, relation: str, labour: str) -> str:
        """Add a person and give their number; the head also gives the household its name."""
        person_id = self.next_id("persons", "P")
        born_on, name = self.born(age), self.name()
        self.add(
            "persons",
            person_id=person_id,
            household_id=household_id,
            name=name,
            id_number=self.number(county, born_on, sex),
            sex=sex,
            birth_date=born_on,
            relation=relation,
            student_status="小学" if 6 <= age < 16 else None,
            health="健康",
            labour_ability=labour,
        )
        household = next(row for row in reversed(self.rows["households"]) if row["household_id"] == household_id)
        household["member_count"] = int(str(household.get("member_count", 0))) + 1
        if relation == "户主":
            household["head_name"] = name
        return person_id

    def post(self, person_id: str, post_type: str, area_code: str, **given: object) -> None:
        """Add a post, active and worked in unless said otherwise."""
        row = {"started_on": date(2022, 1, 1), "ended_on": None, "annual_pay": 3600, "attendance_days": 200, **given}
        post_id = self.next_id("posts", "G")
        self.add("posts", post_id=post_id, person_id=person_id, post_type=post_type, area_code=area_code, **row)
