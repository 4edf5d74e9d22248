"""The sections of the source plan, in its order, and what each is about."""

from __future__ import annotations

from collections.abc import Iterable

from audit.language import Language, text

#: Section as rules name it, the text that says what it is about.
_SECTIONS = {
    "三(一)": "county.section_housing",
    "三(二)1、三(四)1": "county.section_industry",
    "三(二)2": "county.section_helpers",
    "三(三)": "county.section_income",
    "三(四)2": "county.section_posts",
    "三(四)3": "county.section_loans",
    "三(五)": "county.section_funds",
    "三(六)": "county.section_officials",
    "登记校验": "county.section_roster",
    "数据质量": "county.section_quality",
}
_DIGITS = "〇一二三四五六七八九"


def in_plan_order(sections: Iterable[str]) -> list[str]:
    """Sections in the order of the plan; those that a county has added come last."""
    order = list(_SECTIONS)
    return sorted(set(sections), key=lambda one: (order.index(one) if one in order else len(order), one))


def section_title(section: str, lang: Language) -> str:
    """What a section is about, with its place in the plan."""
    if section not in _SECTIONS:
        return section
    return text(_SECTIONS[section], lang, section=section)


def numbered(place: int, lang: Language) -> str:
    """The number of a section, the first being 1: （一） in Chinese, (1) in English."""
    return f"（{_chinese(place)}）" if lang == "zh" else f"({place})"


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")
