"""County 139901: the 947 households of the plan's sample, 878 of them lifted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit.generate.replication.rows import Registry

COUNTY = "139901"
HOUSEHOLDS, LIFTED = 947, 878
#: The mean of 8381 yuan over 947 households, exactly.
SUM_PER_HEAD = 7_936_807
SERVICE = ("cleaner", "road_keeper", "water_keeper", "archivist", "mediator", "clerk")


@dataclass
class Home:
    """One household of the sample before it is written."""

    place: int
    people: int
    lifted: bool
    lifted_year: int | None = 2018
    monitored: bool = False
    per_head: int = 0
    before: str = "grown"
    dividend: int = 0
    post: str = ""


def add_sample(registry: Registry) -> None:
    """Add the 947 households with their people, incomes, posts, support, barriers, helpers and visits."""
    homes = [Home(place, registry.chance.randint(1, 5), place < LIFTED) for place in range(HOUSEHOLDS)]
    _plan_incomes(registry, homes)
    _plan_posts(homes)
    for home in homes:
        _write(registry, home)
    townships = sorted({str(row["area_code"])[:9] for row in registry.rows["households"]})
    for township in townships:
        training_id = registry.next_id("trainings", "X")
        registry.add(
            "trainings",
            training_id=training_id,
            area_code=f"{township}000",
            held_on=date(2024, 5, 20),
            topic="种植技术",
        )


def _plan_incomes(registry: Registry, homes: list[Home]) -> None:
    below = homes[:30]
    for place, home in enumerate(below):
        home.per_head = 2500 + 40 * place
        home.lifted_year = 2024 if place < 12 else 2019
        home.monitored = place == 12
    for place, home in enumerate(homes[30:53]):
        home.per_head = 4000 + 3 * place
        home.dividend = 895
    usual = homes[53:]
    # 293 lifted households have a dividend of 895 yuan in the mean: pairs lie as far above as below.
    for place, home in enumerate(usual[:270]):
        spread = place // 2 % 200
        home.dividend = 895 + (spread if place % 2 else -spread)
    for home in usual:
        home.per_head = registry.chance.randint(7000, 10_500)
    missing = SUM_PER_HEAD - sum(home.per_head for home in homes)
    share, rest = divmod(missing, len(usual))
    for place, home in enumerate(usual):
        home.per_head += share + (1 if place < rest else 0)
    for home in usual[300:325]:
        home.before = "same"
    for home in usual[325:339]:
        home.before = "fallen"
    for home in homes[LIFTED:]:
        home.lifted_year = None


def _plan_posts(homes: list[Home]) -> None:
    """379 households hold a service post and 104 an ecology post; none of them needs its pay to stay above the line."""
    able = [home for home in homes[53:] if home.per_head * home.people - 3600 >= 4000 * home.people]
    for place, home in enumerate(able[:379]):
        home.post = SERVICE[place % len(SERVICE)]
    for place, home in enumerate(able[379:483]):
        home.post = ("ranger", "grass_keeper")[place % 2]


def _write(registry: Registry, home: Home) -> None:
    village = home.place % 20
    area_code = f"{COUNTY}{101 + village // 5}{201 + village % 5}"
    led = home.place % 16 == 0 and home.place < 16 * 58
    household_id = registry.household(
        area_code,
        f"样本{village + 1}村",
        household_type="lifted" if home.lifted else "general",
        lifted_year=home.lifted_year,
        monitor_category="unstable" if home.monitored else None,
        monitored_on=date(2024, 8, 1) if home.monitored else None,
        risk_cleared=False if home.monitored else None,
        coop_member=led and home.place % 32 == 0,
        enterprise_led=led and home.place % 32 != 0,
    )
    head = _people(registry, home, household_id)
    _incomes(registry, home, household_id)
    if home.post:
        registry.post(head, home.post, area_code)
    _support(registry, home, household_id)


def _unable(registry: Registry, home: Home) -> bool:
    """24 of the service posts and 5 of the ecology posts are held by people who can't work."""
    ecology = home.post in {"ranger", "grass_keeper"}
    kinds = [str(row["post_type"]) in {"ranger", "grass_keeper"} for row in registry.rows["posts"]]
    return bool(home.post) and kinds.count(ecology) < (5 if ecology else 24)


def _people(registry: Registry, home: Home, household_id: str) -> str:
    unable = _unable(registry, home)
    age = registry.chance.randint(62, 72) if unable else registry.chance.randint(51, 59)
    sex = registry.chance.choice(("male", "female"))
    labour = registry.chance.choice(("lost", "none")) if unable else "ordinary"
    head = registry.person(household_id, COUNTY, age, sex, "户主", labour)
    for member in range(1, home.people):
        if member == 1:
            other = "female" if sex == "male" else "male"
            registry.person(household_id, COUNTY, registry.chance.randint(50, 58), other, "配偶", "ordinary")
        elif member == 2:
            registry.person(household_id, COUNTY, registry.chance.randint(24, 34), "male", "之子", "ordinary")
        else:
            registry.person(household_id, COUNTY, registry.chance.randint(3, 14), "female", "之孙女", "none")
    return head


def _incomes(registry: Registry, home: Home, household_id: str) -> None:
    net = home.per_head * home.people
    before = {"grown": net * 9 // 10, "same": net, "fallen": net * 11 // 10}[home.before]
    # 333 households produce less than the year before, 167 up to 3 % more, 447 more than that.
    production = net // 4
    if home.place < 333:
        production_before = production + 100
    elif home.place < 500:
        production_before = production - production // 100
    else:
        production_before = production * 9 // 10
    for year, total, produced in ((2023, before, production_before), (2024, net, production)):
        transfer, expense, property_income = total // 10, 60, home.dividend
        registry.add(
            "incomes",
            household_id=household_id,
            year=year,
            population=home.people,
            wage_income=total + expense - produced - transfer - property_income,
            post_income=3600 if home.post else 0,
            production_income=produced,
            property_income=property_income,
            share_dividend=home.dividend,
            transfer_income=transfer,
            production_expense=expense,
            net_income=total,
            net_income_per_capita=f"{total / home.people:.2f}",
        )


def _support(registry: Registry, home: Home, household_id: str) -> None:
    def support(kind: str, amount: int) -> None:
        registry.add(
            "industry_support",
            support_id=registry.next_id("industry_support", "S"),
            household_id=household_id,
            year=2024,
            kind=kind,
            amount=amount,
            output_linked=True,
        )

    if home.dividend:
        support("fiscal_dividend", home.dividend)
    elif home.place >= HOUSEHOLDS - 22:
        support("fiscal_dividend", 500)
    if home.place % 3 == 0 and home.place < 864:
        support("pv_dividend", 300)
    support("direct_production", 2600)
    if home.place < 71:
        registry.add(
            "loan_barriers",
            report_id=registry.next_id("loan_barriers", "Z"),
            household_id=household_id,
            reported_on=date(2024, 6, 1),
            kind=("age", "livestock_scale", "designated_seller")[home.place % 3],
        )
    if home.place % 10 == 0:
        helper_id = f"B{home.place // 10:04d}"
        registry.add(
            "helpers", helper_id=helper_id, name=registry.name(), phone=f"1390000{home.place:04d}", phone_status="ok"
        )
    helper_id = f"B{home.place // 10:04d}"
    registry.add(
        "pairings",
        pairing_id=registry.next_id("pairings", "J"),
        household_id=household_id,
        helper_id=helper_id,
        started_on=date(2021, 3, 1),
    )
    registry.add(
        "visits",
        visit_id=registry.next_id("visits", "V"),
        household_id=household_id,
        helper_id=helper_id,
        visited_on=date(2024, 9, 1),
        mode="home",
    )
