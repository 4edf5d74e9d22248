"""A registry whose every text is an attack on the page that shows it."""

from __future__ import annotations

import csv
from pathlib import Path

ATTACKS = (
    "<script>document.title='hit'</script>",
    '"><img src=x onerror="document.title=\'hit\'">',
    "<svg onload=document.title='hit'>",
    "</title><script>document.title='hit'</script>",
    "</style><script>document.title='hit'</script>",
    "<a href=\"javascript:document.title='hit'\">click</a>",
    "{{ 7 * 7 }}{% raw %}",
    "<style>body{display:none}</style>",
    "<iframe src='http://attacker.example/'></iframe>",
    "url(http://attacker.example/x)",
    "\u202eevil\u202c",
    "\u2066\u2067x",
    "=cmd|' /C calc'!A1",
    "<!-- x",
    "&lt;script&gt;",
    "a" * 3000,
)


def hostile_registry(folder: Path) -> Path:
    """Write it: each attack is a household's number, names and place, and a person's number and name."""
    folder.mkdir()
    with (folder / "households.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ("household_id", "area_code", "county_name", "township_name", "village_name", "head_name", "phone")
        )
        for place, attack in enumerate(ATTACKS):
            writer.writerow((f"{attack}{place}", "139901101001", attack, attack, attack, attack, attack))
    with (folder / "persons.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("person_id", "household_id", "name", "id_number", "relation", "health", "birth_date"))
        for place, attack in enumerate(ATTACKS):
            writer.writerow((f"{attack}{place}", f"{attack}{place}", attack, attack, attack, attack, attack))
    return folder
