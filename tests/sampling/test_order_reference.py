"""The order of tickets and of systematic draws, held against what others worked out."""

from __future__ import annotations

import hashlib

from audit.sampling.draw.select import systematic_places
from tests.sampling.reference import reference

HASHED = reference("hash_order_external")
SYSTEMATIC = reference("systematic_indices")
COVERED = (*HASHED, *SYSTEMATIC)


def test_systematic_places() -> None:
    (row,) = SYSTEMATIC
    assert "r=53;" in row["note"]
    assert systematic_places(row.number("N"), row.number("n"), 53) == row.numbers("value")


def test_order_by_sha256_of_a_published_sampler() -> None:
    # Version 1.0.10 hashes the hash of the seed with the id, and reads the decimal digits of the number from the end.
    # Like here the smallest are drawn first, and an item's number depends on seed and id alone.
    (row,) = HASHED
    assert "seed 314159, ids A-1..A-3,B-1..B-3, take 4" in row["note"]
    items = [f"{letter}-{number}" for letter in "AB" for number in (1, 2, 3)]
    order = sorted(items, key=lambda item: str(int(digest(digest("314159") + item), 16)).zfill(64)[::-1])
    assert ";".join(order[:4]) == row["value"]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
