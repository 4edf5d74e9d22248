"""Where the households of a sample live and who heads them, from the registry: only labels for those who go there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit.accepted import Accepted
from audit.contract import Personal
from audit.report.masking import harmless, mask


@dataclass(frozen=True)
class Home:
    """A household as an inspector finds it.

    Attributes:
        head: the head's name, masked unless personal data are asked for.
        phone: the same of the phone; empty while masked, as a masked phone helps nobody.
        village: the village's name.
        township: the township's name.
    """

    head: str
    phone: str
    village: str
    township: str


def read_homes(accepted: Accepted, units: Iterable[str], *, show_personal: bool) -> Mapping[str, Home]:
    """Read the households of a sample; one that the registry does not have is not there.

    Args:
        accepted: the registry, taken in.
        units: the households.
        show_personal: whether names and phones are shown as they are.
    """
    rows = accepted.con.execute(
        "SELECT household_id, head_name, phone, village_name, township_name FROM households "
        "SEMI JOIN (SELECT unnest(?::VARCHAR[]) AS unit) ON household_id = unit ORDER BY household_id",
        [sorted(set(units))],
    ).fetchall()
    return {
        household: Home(
            harmless(head if show_personal else mask(head, Personal.NAME)),
            harmless(phone) if show_personal else "",
            harmless(village),
            harmless(township),
        )
        for household, head, phone, village, township in rows
    }
