"""pandas by hand: one mask per rule."""

from __future__ import annotations

from tests.benchmarks.peers.pandas_frames import make_frames, write_keys
from tests.benchmarks.peers.ten import LINE, PHONE, TOLERANCE, YEAR, arguments


def main() -> None:
    """Find the failing rows and write their keys."""
    data, out = arguments()
    frames = make_frames(data)
    h = frames.households
    below = h["lifted"] & (h["pc"] < LINE)
    failing = {
        "INC-2": h["pc"] < h["pc_floor"],
        "INC-3": below,
        "INC-4": below & (h["lifted_year"] < YEAR) & ~h["monitored"],
        "INC-6": h["lifted"] & (h["pc"] >= LINE) & (h["pc_without_dividend"] < LINE),
        "INC-9": h["gap"] > TOLERANCE,
        "HHD-1": h["member_count"].notna() & (h["member_count"] != h["present_persons"]),
        "HHD-3": h["phone"].notna() & ~h["phone"].str.fullmatch(PHONE, na=False),
        "PW-5": h["service_holder_unable"],
    }
    for rule, mask in failing.items():
        write_keys(out, rule, h.loc[mask, "household_id"])
    write_keys(out, "ID-4", frames.persons.loc[frames.persons.duplicated("first18", keep=False), "person_id"])
    write_keys(out, "PW-10", frames.posts.loc[~frames.posts["holder_known"], "post_id"])


if __name__ == "__main__":
    main()
