"""County 139902: the plan's special villages, one figure each."""

from __future__ import annotations

from datetime import date

from audit.generate.replication.rows import Registry

COUNTY = "139902"


def add_villages(registry: Registry) -> None:
    """Add the villages of posts, training, loans, homes and dividends."""
    _posts_by_age(registry, f"{COUNTY}101201")
    for area_code, kind, count in ((f"{COUNTY}101202", "cleaner", 52), (f"{COUNTY}101203", "ranger", 43)):
        for place in range(count):
            registry.post(_elder(registry, area_code, 52 + place % 20), kind, area_code)
    _serial_posts(registry, f"{COUNTY}101204")
    _untrained(registry, f"{COUNTY}102205")
    _loans(registry)
    _homes(registry, f"{COUNTY}104208")
    for _ in range(10):
        household_id = _home(registry, f"{COUNTY}104209")
        registry.add(
            "dividend_contracts",
            contract_id=registry.next_id("dividend_contracts", "C"),
            household_id=household_id,
            principal=6000,
            annual_rate="0.10",
            rate_kind="fixed",
            participates=False,
            started_on=date(2022, 1, 1),
            ended_on=date(2026, 12, 31),
        )
    for township in ("101", "103", "104"):
        training_id = registry.next_id("trainings", "X")
        registry.add(
            "trainings",
            training_id=training_id,
            area_code=f"{COUNTY}{township}000",
            held_on=date(2024, 4, 2),
            topic="养殖技术",
        )


def _home(registry: Registry, area_code: str) -> str:
    household_id = registry.household(area_code, f"专项{area_code[-1]}村")
    registry.person(household_id, COUNTY, registry.chance.randint(51, 58), "male", "户主", "ordinary")
    return household_id


def _elder(registry: Registry, area_code: str, age: int, labour: str = "", sex: str = "") -> str:
    """A household of one person of an age, who can hold a post; gives the person's number."""
    household_id = registry.household(area_code, f"专项{area_code[-1]}村")
    usual = "ordinary" if age < 60 else "weak"
    chosen = sex or registry.chance.choice(("male", "female"))
    return registry.person(household_id, COUNTY, age, chosen, "户主", labour or usual)


def _posts_by_age(registry: Registry, area_code: str) -> None:
    """72 posts: 10 holders under 40, 7 of 80 and more, the oldest 90; everybody else keeps to 50 and 40."""
    kinds = ("cleaner", "road_keeper", "ranger", "water_keeper")
    ages = [30 + place for place in range(10)] + [80, 81, 82, 84, 85, 87, 90] + [50 + place % 25 for place in range(55)]
    for place, age in enumerate(ages):
        registry.post(_elder(registry, area_code, age), kinds[place % 4], area_code)


def _serial_posts(registry: Registry, area_code: str) -> None:
    """One person with four posts one after the other, over 70 and unable; one cleaner over 80 who never worked."""
    person_id = _elder(registry, area_code, 73, "lost")
    for place, kind in enumerate(("archivist", "mediator", "clerk", "cleaner")):
        started, ended = date(2020 + place, 1, 1), date(2020 + place, 12, 31)
        active = place == 3
        registry.post(
            person_id,
            kind,
            area_code,
            started_on=started,
            ended_on=None if active else ended,
            annual_pay=3600 if active else 0,
            attendance_days=120 if active else 0,
        )
    registry.post(_elder(registry, area_code, 83, "lost"), "cleaner", area_code, attendance_days=0)


def _untrained(registry: Registry, area_code: str) -> None:
    """A village of 123 households without any training, where three needs were stated and not met."""
    for place in range(123):
        household_id = registry.household(area_code, "专项5村")
        person_id = registry.person(household_id, COUNTY, 40 + place % 18, "male", "户主", "ordinary")
        if place < 3:
            registry.add(
                "training_needs",
                need_id=registry.next_id("training_needs", "N"),
                person_id=person_id,
                stated_on=date(2024, 3, 1 + place),
            )


def _loans(registry: Registry) -> None:
    """75 applications of which 4 were approved, and 80 without an answer."""
    for area_code, count in ((f"{COUNTY}103206", 75), (f"{COUNTY}103207", 80)):
        for place in range(count):
            household_id = _home(registry, area_code)
            answered = count == 75
            registry.add(
                "loan_applications",
                application_id=registry.next_id("loan_applications", "L"),
                household_id=household_id,
                applied_on=date(2024, 5, 1 + place % 28),
                amount=50_000,
                status=("approved" if place < 4 else "refused") if answered else "pending",
                decided_on=date(2024, 7, 1) if answered else None,
            )
    registry.add(
        "loan_products",
        product_id="Q00001",
        area_code=f"{COUNTY}103000",
        min_age=18,
        max_age=60,
        min_livestock=1,
        designated_seller=True,
        max_amount=50_000,
    )


def _homes(registry: Registry, area_code: str) -> None:
    """Eight homes renovated for 6000 yuan each on the front only, each defective, each with a wall of 30 to 40 m."""
    for place in range(8):
        household_id = _home(registry, area_code)
        registry.add(
            "renovations",
            renovation_id=registry.next_id("renovations", "R"),
            household_id=household_id,
            renovated_on=date(2018, 9, 1),
            subsidy=6000,
            method="reinforce",
            walls_reinforced="front",
        )
        registry.add(
            "defects",
            defect_id=registry.next_id("defects", "D"),
            household_id=household_id,
            reported_on=date(2024, 8, 1),
            kind="墙体裂缝",
        )
        registry.add(
            "yard_walls",
            wall_id=registry.next_id("yard_walls", "W"),
            household_id=household_id,
            built_on=date(2023, 5, 1),
            length_m=30 + place * 10 // 7,
            cost=5000,
            public_funds=True,
        )
