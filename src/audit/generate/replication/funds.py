"""Projects, funds, assets, notices, the hotline and officials: the plan's figures in 万元, here in yuan."""

from __future__ import annotations

from datetime import date

from audit.generate.replication.rows import Registry

#: Projects of county level have no township, so that they ask for no township's notice.
COUNTY = "139902000000"
TEN_THOUSAND = 10_000


def add_funds(registry: Registry) -> None:
    """Add everything that belongs to no household."""
    _projects(registry)
    _assets(registry)
    _notices(registry)
    registry.add("hotlines", area_code=COUNTY, period="2024", calls=166, answered=131)
    registry.add(
        "discipline", decision_id="U00001", official_id="O00001", decided_on=date(2024, 1, 10), effect_months=6
    )
    registry.add(
        "appointments",
        appointment_id="I00001",
        official_id="O00001",
        area_code=COUNTY,
        appointed_on=date(2024, 4, 1),
        higher=True,
    )


#: What a project that has not been accepted leaves blank.
UNACCEPTED = ("accepted_on", "settlement_reviewed_on")


def _project(
    registry: Registry,
    name: str,
    contract: int,
    paid: int,
    area_code: str = COUNTY,
    blank: tuple[str, ...] = (),
    **given: object,
) -> str:
    """Add a project that is in order but for what is given and what is left blank; amounts in yuan."""
    project_id = registry.next_id("projects", "M")
    row: dict[str, object] = {
        "project_id": project_id,
        "area_code": area_code,
        "name": name,
        "year": 2024,
        "contract_amount": contract,
        "paid_amount": paid,
        "progress": 1,
        "main_structure_done": True,
        "contract_finish_on": date(2024, 11, 30),
        "finished_on": date(2024, 11, 20),
        "accepted_on": date(2024, 12, 10),
        "settlement_reviewed_on": date(2024, 12, 25),
        "village_applied_on": date(2023, 8, 1),
        "township_reviewed_on": date(2023, 9, 1),
        "county_approved_on": date(2023, 10, 1),
        "first_spent_on": date(2024, 3, 1),
        "performance_monitored_on": date(2024, 7, 1),
        "performance_cause": "无偏差",
    }
    registry.rows["projects"].append({**row, **dict.fromkeys(blank), **given})
    return project_id


def _projects(registry: Registry) -> None:
    wan = TEN_THOUSAND
    _project(registry, "全额支付未验收项目", 2302 * wan, 2302 * wan, blank=UNACCEPTED)
    _project(registry, "验收前支付95%项目一", 400 * wan, 380 * wan, blank=UNACCEPTED)
    _project(registry, "验收前支付95%项目二", 5_353_600, 5_085_920, blank=UNACCEPTED)
    _project(registry, "验收前支付92%项目", 2266 * wan, 20_847_200, blank=UNACCEPTED)
    _project(registry, "进度60%支付80%项目", 1000 * wan, 800 * wan, progress="0.6", blank=UNACCEPTED)
    _project(
        registry,
        "主体未完工支付79.5%项目",
        1000 * wan,
        795 * wan,
        progress="0.8",
        main_structure_done=False,
        blank=UNACCEPTED,
    )
    late = _project(
        registry, "农时项目", 408_000, 300_000, season_end_on=date(2024, 5, 31), accepted_on=date(2024, 9, 1)
    )
    _project(registry, "入库程序缺失项目", 50 * wan, 40 * wan, township_reviewed_on=None)
    _project(registry, "入库前支出项目", 50 * wan, 40 * wan, first_spent_on=date(2023, 9, 15))
    for place in range(3):
        _project(
            registry,
            f"逾期项目{place + 1}",
            50 * wan,
            40 * wan,
            finished_on=date(2024, 12, 20),
            accepted_on=date(2025, 1, 10),
            settlement_reviewed_on=date(2025, 1, 20),
            performance_monitored_on=None if place < 2 else date(2024, 7, 1),
            performance_cause=None,
        )
    registry.add(
        "allocations",
        allocation_id="F00001",
        area_code=COUNTY,
        project_id=late,
        amount=3730 * wan,
        received_on=date(2024, 3, 1),
        disbursed_on=date(2024, 4, 15),
    )


def _assets(registry: Registry) -> None:
    wan = TEN_THOUSAND
    registry.add(
        "assets",
        asset_id="E00001",
        area_code=COUNTY,
        cost=467 * wan,
        asset_kind="operating",
        owner_kind="personal",
        lease_active=True,
        lease_states_owner=False,
        lease_rate="0.07",
        lease_received=326_900,
    )
    registry.add(
        "proceeds",
        proceeds_id="Y00001",
        area_code=COUNTY,
        year=2023,
        distributable=3_863_000,
        distributed=1_552_600,
        holder_kind="company",
    )


def _notices(registry: Registry) -> None:
    """In county 139903 three of four townships lack the completion notice; in 139904 all four lack the plan notice."""
    for county in ("139903", "139904"):
        for township in range(101, 105):
            area_code = f"{county}{township}000"
            _project(registry, f"{township - 100}镇道路项目", 30 * TEN_THOUSAND, 24 * TEN_THOUSAND, area_code)
            published = {"139903": ("plan", "completion") if township == 101 else ("plan",), "139904": ("completion",)}
            for kind in published[county]:
                registry.add(
                    "notices",
                    notice_id=registry.next_id("notices", "A"),
                    area_code=area_code,
                    kind=kind,
                    year=2024,
                    event_on=date(2024, 3, 1),
                    published_on=date(2024, 3, 10),
                    requires_login=False,
                )
