"""The declaration has the tables, columns and codes of contract.md, section 2, written out here by hand."""

from __future__ import annotations

import pytest

from audit.contract import TABLES, Personal

COLUMNS = {
    "households": "household_id area_code county_name township_name village_name head_name phone member_count "
    "household_type lifted_year monitor_category monitored_on risk_cleared coop_member enterprise_led vacant_since "
    "deregistered_on",
    "incomes": "household_id year population wage_income post_income production_income property_income share_dividend "
    "transfer_income production_expense net_income net_income_per_capita",
    "persons": "person_id household_id name id_number sex birth_date age relation student_status health labour_ability "
    "left_on",
    "posts": "post_id person_id post_type area_code started_on ended_on annual_pay attendance_days",
    "industry_support": "support_id household_id year kind amount output_linked",
    "dividend_contracts": "contract_id household_id principal annual_rate rate_kind participates started_on ended_on",
    "renovations": "renovation_id household_id renovated_on subsidy method walls_reinforced",
    "appraisals": "appraisal_id household_id appraised_on grade",
    "defects": "defect_id household_id reported_on kind resolved_on",
    "yard_walls": "wall_id household_id built_on length_m cost public_funds",
    "helpers": "helper_id name phone phone_status",
    "pairings": "pairing_id household_id helper_id started_on ended_on",
    "visits": "visit_id household_id helper_id visited_on mode",
    "training_needs": "need_id person_id stated_on met_on",
    "loan_applications": "application_id household_id applied_on amount status decided_on",
    "loan_barriers": "report_id household_id reported_on kind",
    "subsidy_payments": "payment_id household_id account_number holder_id_number amount paid_on",
    "villages": "area_code village_name household_count resident_count",
    "trainings": "training_id area_code held_on topic",
    "post_quotas": "area_code post_type needed",
    "loan_products": "product_id area_code min_age max_age min_livestock designated_seller max_amount",
    "projects": "project_id area_code name year contract_amount paid_amount progress main_structure_done "
    "contract_finish_on extended_to finished_on accepted_on settlement_reviewed_on village_applied_on "
    "township_reviewed_on county_approved_on first_spent_on season_end_on performance_monitored_on performance_cause",
    "allocations": "allocation_id area_code project_id amount received_on disbursed_on",
    "assets": "asset_id area_code project_id cost asset_kind owner_kind lease_active lease_states_owner lease_rate "
    "lease_received",
    "proceeds": "proceeds_id area_code project_id year distributable distributed holder_kind",
    "notices": "notice_id area_code kind year event_on published_on requires_login",
    "hotlines": "area_code period calls answered",
    "discipline": "decision_id official_id decided_on effect_months",
    "appointments": "appointment_id official_id area_code appointed_on higher",
}
KEYS = {
    "incomes": ("household_id", "year"),
    "post_quotas": ("area_code", "post_type"),
    "hotlines": ("area_code", "period"),
}
CODES = {
    "households.household_type": "lifted general",
    "households.monitor_category": "unstable marginal sudden",
    "persons.sex": "male female",
    "persons.labour_ability": "ordinary skilled weak lost none",
    "posts.post_type": "cleaner road_keeper water_keeper archivist mediator clerk ranger grass_keeper other",
    "industry_support.kind": "fiscal_dividend pv_dividend direct_production cash award",
    "dividend_contracts.rate_kind": "fixed floating",
    "renovations.method": "reinforce rebuild",
    "renovations.walls_reinforced": "front side back",
    "appraisals.grade": "A B C D",
    "helpers.phone_status": "ok empty off",
    "visits.mode": "home phone other",
    "loan_applications.status": "approved refused pending withdrawn",
    "loan_barriers.kind": "age livestock_scale designated_seller illness other",
    "assets.asset_kind": "operating public household",
    "assets.owner_kind": "village_collective township county enterprise personal unclear",
    "proceeds.holder_kind": "village fiscal company",
    "post_quotas.post_type": "cleaner road_keeper water_keeper archivist mediator clerk ranger grass_keeper other",
    "notices.kind": "allocation plan completion",
}
PERSONAL = {
    "households.head_name": Personal.NAME,
    "households.phone": Personal.PHONE,
    "persons.name": Personal.NAME,
    "persons.id_number": Personal.ID_NUMBER,
    "helpers.name": Personal.NAME,
    "helpers.phone": Personal.PHONE,
    "subsidy_payments.account_number": Personal.ACCOUNT,
    "subsidy_payments.holder_id_number": Personal.ID_NUMBER,
}


def test_tables() -> None:
    assert set(TABLES) == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_columns(name: str) -> None:
    assert [field.name for field in TABLES[name].fields] == COLUMNS[name].split()


@pytest.mark.parametrize("name", COLUMNS)
def test_keys(name: str) -> None:
    assert TABLES[name].key == KEYS.get(name, (COLUMNS[name].split()[0],))


def test_codes() -> None:
    declared = {
        f"{table.name}.{field.name}": " ".join(field.codes)
        for table in TABLES.values()
        for field in table.fields
        if field.codes
    }
    assert declared == CODES


def test_personal_columns() -> None:
    declared = {
        f"{table.name}.{field.name}": field.personal
        for table in TABLES.values()
        for field in table.fields
        if field.personal
    }
    assert declared == PERSONAL


def test_every_column_and_code_has_a_chinese_and_an_english_name() -> None:
    for table in TABLES.values():
        for field in table.fields:
            assert any("\u4e00" <= letter <= "\u9fff" for letter in field.title), f"{table.name}.{field.name}"
            assert field.title_en.isascii()
            for code, labels in field.codes.items():
                assert labels, f"{table.name}.{field.name} {code}"


def test_money_is_never_binary() -> None:
    types = {field.sql_type for table in TABLES.values() for field in table.fields}
    assert types == {"VARCHAR", "BIGINT", "DECIMAL(18,6)", "DECIMAL(18,10)", "BOOLEAN", "DATE"}
