"""The figures that the source plan prints, each with where an audit of the replication registry gives it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

#: Areas of the replication registry: its sample of 947 households, and one place for each special figure.
SAMPLE = "139901000000"
COUNTY = "139902000000"
POSTS, CLEANERS, RANGERS, ONE_PERSON = "139902101201", "139902101202", "139902101203", "139902101204"
UNTRAINED, FEW_LOANS, NO_REPLY = "139902102205", "139902103206", "139902103207"
HOMES, DIVIDENDS = "139902104208", "139902104209"
NO_COMPLETION, NO_PLAN = "139903000000", "139904000000"

Counted = Literal["flagged", "population", "share", "mean"]


@dataclass(frozen=True)
class Rate:
    """A number of ``rates.parquet``: of one rule, or of several added up, in an area."""

    what: Counted
    rules: tuple[str, ...]
    area: str


@dataclass(frozen=True)
class Evidence:
    """A text worked out from the evidence of a rule's findings in an area.

    Attributes:
        sql: an aggregate over ``facts``, a JSON value with the evidence of each finding.
        rule: the rule.
        area: the area's code.
    """

    sql: str
    rule: str
    area: str


@dataclass(frozen=True)
class Shares:
    """One amount as a share of another, both from the evidence of a rule's findings in an area.

    Attributes:
        part: the fact above the line.
        whole: the fact below it.
        rule: the rule.
        area: the area's code.
        each: one share for each finding, the largest first; else one share of the two sums.
    """

    part: str
    whole: str
    rule: str
    area: str
    each: bool = False


@dataclass(frozen=True)
class Figure:
    """One figure of the plan.

    Attributes:
        key: its text in the language catalogue.
        section: the section of the plan.
        printed: as the plan prints it.
        found: where the audit gives it.
        note: the text that explains why the plan itself is wrong, if it is.
        right: the figure as it should have been printed, if the plan is wrong.
    """

    key: str
    section: str
    printed: str
    found: Rate | Evidence | Shares
    note: str = ""
    right: str = ""


def _rate(what: Counted, rule: str, area: str = SAMPLE) -> Rate:
    return Rate(what, (rule,), area)


def _most(fact: str, factor: str = "1", least: bool = False) -> str:
    """The largest (or least) amount among the findings, times a factor, without trailing zeros."""
    return _plain(f"{'min' if least else 'max'}(CAST(facts ->> '{fact}' AS DECIMAL(28,6))) * {factor}")


def _whole(fact: str) -> str:
    return f"max(CAST(facts ->> '{fact}' AS INTEGER))"


def _plain(sql: str) -> str:
    return f"rtrim(rtrim(CAST(CAST({sql} AS DECIMAL(28,4)) AS VARCHAR), '0'), '.')"


def _paid(rule: str) -> Shares:
    return Shares("paid_amount", "contract_amount", rule, COUNTY, each=True)


FIGURES: Sequence[Figure] = (
    Figure("households", "三(三)", "947", _rate("population", "INC-0")),
    Figure("lifted", "三(三)", "878", _rate("population", "INC-3")),
    Figure("inc_0", "三(三)", "8381", _rate("mean", "INC-0")),
    Figure("inc_1", "三(三)", "25", _rate("flagged", "INC-1")),
    Figure("inc_1_share", "三(三)", "2.64 %", _rate("share", "INC-1")),
    Figure("inc_2", "三(三)", "14", _rate("flagged", "INC-2")),
    Figure("inc_2_share", "三(三)", "1.48 %", _rate("share", "INC-2")),
    Figure("inc_3", "三(三)", "30", _rate("flagged", "INC-3")),
    Figure("inc_3_share", "三(三)", "3.42 %", _rate("share", "INC-3")),
    Figure("inc_4_population", "三(三)", "18", _rate("population", "INC-4")),
    Figure("inc_4", "三(三)", "17", _rate("flagged", "INC-4")),
    Figure("inc_5", "三(三)", "293", _rate("flagged", "INC-5")),
    Figure("inc_5_share", "三(三)", "33.37 %", _rate("share", "INC-5")),
    Figure("inc_5_mean", "三(三)", "895", _rate("mean", "INC-5")),
    Figure("inc_6", "三(三)", "23", _rate("flagged", "INC-6")),
    Figure("inc_6_share", "三(三)", "2.62 %", _rate("share", "INC-6")),
    Figure("ind_2_share", "三(二)1", "33.26 %", _rate("share", "IND-2")),
    Figure("ind_3_share", "三(二)1", "30.41 %", _rate("share", "IND-3")),
    Figure("ind_7_share", "三(四)1", "6.12 %", _rate("share", "IND-7")),
    Figure("ind_8", "三(四)1", "333", _rate("flagged", "IND-8")),
    Figure("ind_8_share", "三(四)1", "35.16 %", _rate("share", "IND-8")),
    Figure("ind_9", "三(四)1", "167", _rate("flagged", "IND-9")),
    Figure("ind_9_share", "三(四)1", "17.63 %", _rate("share", "IND-9")),
    Figure(
        "ind_8_and_9",
        "三(四)1",
        "52.79 %",
        Rate("share", ("IND-8", "IND-9"), SAMPLE),
        note="replicate.sum_of_shares",
        right="52.80 %",
    ),
    Figure("div_1", "三(二)1", "6000", Evidence(_most("principal"), "DIV-1", DIVIDENDS)),
    Figure(
        "div_1_rate",
        "三(二)1",
        "10 %",
        Evidence(_most("annual_rate", "100") + " || ' %'", "DIV-1", DIVIDENDS),
    ),
    Figure("emp_1", "三(四)2", "123", Evidence(_whole("households"), "EMP-1", UNTRAINED)),
    Figure("emp_2", "三(四)2", "3", _rate("flagged", "EMP-2", UNTRAINED)),
    Figure("pw_1_cleaners", "三(四)2", "52", Evidence(_whole("active_posts"), "PW-1", CLEANERS)),
    Figure("pw_1_rangers", "三(四)2", "43", Evidence(_whole("active_posts"), "PW-1", RANGERS)),
    Figure("pw_2", "三(四)2", "10", _rate("flagged", "PW-2", POSTS)),
    Figure("pw_3", "三(四)2", "7", _rate("flagged", "PW-3", POSTS)),
    Figure("pw_3_oldest", "三(四)2", "90", Evidence(_whole("age"), "PW-3", POSTS)),
    Figure("pw_4", "三(四)2", "4", Evidence(_whole("post_types"), "PW-4", ONE_PERSON)),
    Figure("pw_5", "三(四)2", "24", _rate("flagged", "PW-5")),
    Figure("pw_5_share", "三(四)2", "6.33 %", _rate("share", "PW-5")),
    Figure("pw_6", "三(四)2", "5", _rate("flagged", "PW-6")),
    Figure("pw_6_share", "三(四)2", "4.81 %", _rate("share", "PW-6")),
    Figure("pw_7", "三(四)2", "3600", Evidence(_most("annual_pay"), "PW-7", ONE_PERSON)),
    Figure("pw_9", "三(四)2", "10", _rate("flagged", "PW-9", POSTS)),
    Figure("pw_9_population", "三(四)2", "72", _rate("population", "PW-9", POSTS)),
    Figure("hou_1", "三(一)", "8", _rate("flagged", "HOU-1", HOMES)),
    Figure("hou_1_subsidy", "三(一)", "6000", Evidence(_most("subsidy"), "HOU-1", HOMES)),
    Figure(
        "hou_4",
        "三(一)",
        "30–40",
        Evidence(_most("length_m", least=True) + " || '–' || " + _most("length_m"), "HOU-4", HOMES),
    ),
    Figure("ln_1", "三(四)3", "71", _rate("flagged", "LN-1")),
    Figure("ln_1_share", "三(四)3", "7.50 %", _rate("share", "LN-1")),
    Figure("ln_2", "三(四)3", "60", Evidence(_whole("max_age"), "LN-2", COUNTY)),
    Figure(
        "ln_3",
        "三(四)3",
        "4 / 75",
        Evidence(
            "max(facts ->> 'approved_applications') || ' / ' || max(facts ->> 'counted_applications')",
            "LN-3",
            FEW_LOANS,
        ),
    ),
    Figure("ln_4", "三(四)3", "80", _rate("flagged", "LN-4", NO_REPLY)),
    Figure("fnd_1", "三(五)", "2302", Evidence(_most("paid_amount", "0.0001"), "FND-1", COUNTY)),
    Figure("fnd_2", "三(五)", "100.0 %, 95.0 %, 95.0 %, 92.0 %", _paid("FND-2")),
    Figure("fnd_3", "三(五)", "80.0 %", _paid("FND-3")),
    Figure("fnd_4", "三(五)", "79.5 %", _paid("FND-4")),
    Figure("fnd_6", "三(五)", "3730", Evidence(_most("amount", "0.0001"), "FND-6", COUNTY)),
    Figure("fnd_7", "三(五)", "40.8", Evidence(_most("contract_amount", "0.0001"), "FND-7", COUNTY)),
    Figure("ast_1", "三(五)", "467", Evidence(_most("cost", "0.0001"), "AST-1", COUNTY)),
    Figure("pro_1", "三(五)", "40.19 %", Shares("distributed", "distributable", "PRO-1", COUNTY)),
    Figure("pro_2", "三(五)", "231.04", Evidence(_most("held_back", "0.0001"), "PRO-2", COUNTY)),
    Figure("ntc_4", "三(五)", "3", _rate("flagged", "NTC-4", NO_COMPLETION)),
    Figure("ntc_3", "三(五)", "4", _rate("flagged", "NTC-3", NO_PLAN)),
    Figure("lib_1", "三(五)", "2", _rate("flagged", "LIB-1", COUNTY)),
    Figure("per_1", "三(五)", "3", _rate("flagged", "PER-1", COUNTY)),
    Figure("hot_1", "三(五)", "78.92 %", Shares("answered", "calls", "HOT-1", COUNTY)),
    Figure("cad_1", "三(六)", "1", _rate("flagged", "CAD-1", COUNTY)),
)
