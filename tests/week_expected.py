"""What must come of each night of the week, written by hand: see ``tests/week.py`` for what was changed."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.week import night

#: A finding by its rule and its subject.
Finding = tuple[str, str]
Findings = frozenset[Finding]

INC_2, INC_3, INC_4 = ("INC-2", "H00000000187"), ("INC-3", "H00000000187"), ("INC-4", "H00000000187")
POOR_3, POOR_4 = ("INC-3", "H00000000118"), ("INC-4", "H00000000118")
LESS_3, LESS_4 = ("INC-3", "H00000000224"), ("INC-4", "H00000000224")
OLD_3, OLD_4 = ("INC-3", "H00000000061"), ("INC-4", "H00000000061")
NOW_3, NOW_4 = ("INC-3", "H00000000961"), ("INC-4", "H00000000961")
FLAT, SAME = ("INC-1", "H00000000005"), ("FAB-3", "139901101201")
PHONE, DEREGISTERED = ("HHD-3", "H00000000127"), ("HHD-3", "H00000000131")
SIZE = ("HHD-1", "H00000000065")
REMOVED, SPOILED = ("INC-10", "H00000000228"), ("INC-10", "H00000000133")
#: Paid to the household that is deregistered in the third night: its card belongs to nobody present.
PAID = ("CAD-2", "K00000000131")
SEX = ("ID-2", "P000000001432")
AGED, AGED_BLANK = ("LAB-3", "P000000000825"), ("LAB-3", "P000000001604")
WALL, DEFECT = ("HOU-1", "R00000000139"), ("HOU-2", "D00000000229")
POST_NEW, POST_LATE = ("PW-7", "G0000000002721"), ("PW-7", "G0000000012811")
POST_TWICE, POST_STAYS = ("PW-7", "G0000000015711"), ("PW-7", "G0000000018411")
UNABLE = ("PW-5", "H00000000011")
HOTLINE = ("HOT-1", "139901000000|2024-11")


@dataclass(frozen=True)
class Night:
    """What must come of a night; what is not named is unchanged, or waits as it did.

    Attributes:
        new, updated, recurred: findings of tonight that are not unchanged.
        back: findings that could not be evaluated last time and are there unchanged.
        fixed, not_evaluated, unit_gone: findings that are gone since the last run, by reason.
        renamed: the former and the present name of findings whose subject was renumbered.
        waiting: all findings that are not there because they could not be evaluated, from earlier nights too.
    """

    new: tuple[Finding, ...] = ()
    updated: tuple[Finding, ...] = ()
    recurred: tuple[Finding, ...] = ()
    back: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    not_evaluated: tuple[Finding, ...] = ()
    unit_gone: tuple[Finding, ...] = ()
    renamed: dict[Finding, Finding] = field(default_factory=dict)
    waiting: tuple[Finding, ...] = ()


#: The nights of the line after the first; the fourth was held and is not on it.
WEEK = {
    2: Night(
        new=(INC_2, INC_3, INC_4, SEX, POST_NEW, WALL),
        updated=(LESS_3, LESS_4, FLAT, SAME),
        fixed=(PHONE, AGED),
        not_evaluated=(POOR_3, POOR_4, AGED_BLANK),
        waiting=(POOR_3, POOR_4, AGED_BLANK),
    ),
    3: Night(
        new=(PAID,),
        updated=(SIZE,),
        back=(AGED_BLANK,),
        fixed=(SEX,),
        not_evaluated=(SPOILED,),
        unit_gone=(DEREGISTERED, REMOVED),
        waiting=(POOR_3, POOR_4, SPOILED),
    ),
    5: Night(
        recurred=(PHONE, SEX, DEREGISTERED),
        back=(SPOILED,),
        fixed=(POST_TWICE, PAID),
        renamed={OLD_3: NOW_3, OLD_4: NOW_4},
        waiting=(POOR_3, POOR_4),
    ),
    6: Night(
        fixed=(DEFECT,),
        not_evaluated=(POST_NEW, POST_STAYS, UNABLE),
        waiting=(POOR_3, POOR_4, POST_NEW, POST_STAYS, UNABLE),
    ),
    7: Night(
        new=(POST_LATE,),
        updated=(HOTLINE,),
        recurred=(POST_TWICE,),
        back=(POST_STAYS, UNABLE),
        fixed=(INC_2, INC_3, INC_4, POOR_3, POOR_4, POST_NEW),
    ),
}
#: The first day of what was not there on the first night.
FIRST_SEEN = {
    **dict.fromkeys((INC_2, INC_3, INC_4, SEX, POST_NEW, WALL), night(2)),
    PAID: night(3),
    POST_LATE: night(7),
}
#: What became of the findings that were not simply there every night: state, last day, recurrences.
AT_THE_END = {
    **dict.fromkeys((INC_2, INC_3, INC_4), ("fixed", night(6), 0)),
    **dict.fromkeys((POOR_3, POOR_4), ("fixed", night(1), 0)),
    AGED: ("fixed", night(1), 0),
    DEFECT: ("fixed", night(5), 0),
    POST_NEW: ("fixed", night(5), 0),
    PAID: ("fixed", night(3), 0),
    REMOVED: ("unit_gone", night(2), 0),
    **dict.fromkeys((PHONE, SEX, DEREGISTERED, POST_TWICE), ("open", night(7), 1)),
}
KINDS = {"H": "household", "P": "person", "G": "post", "R": "renovation", "D": "defect", "1": "village"}
