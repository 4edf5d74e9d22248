"""audit.toml: read whole, paths from its own folder, and every mistake with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from audit.configuration.site_file import find_site_file, line_of, read_site_file, site_language
from audit.errors import InputError

WHOLE = """\
# a county
data = "registry"
source_map = "../maps/source-map.yaml"
areas = ["139901", 139902101, "139903000000"]
as_of = 2024-12-31
keep = "none"
show_personal = true
out = "/srv/reports"

[notify]
webhook = "https://chat.example/x"
timeout = 2.5

[log]
file = "-"
"""


def write(folder: Path, written: str) -> Path:
    path = folder / "audit.toml"
    path.write_text(written, encoding="utf-8")
    return path


def mistakes(folder: Path, written: str) -> list[str]:
    path = write(folder, written)
    return [one.message("en").removeprefix(f"{path}, ") for one in read_site_file(path).mistakes]


def test_a_whole_file(tmp_path: Path) -> None:
    site = read_site_file(write(tmp_path, WHOLE))
    assert site.mistakes == ()
    assert site.values == {
        "data": tmp_path / "registry",
        "source_map": tmp_path / "../maps/source-map.yaml",
        "areas": ("139901", "139902101", "139903"),
        "as_of": date(2024, 12, 31),
        "keep": None,
        "show_personal": True,
        "out": Path("/srv/reports"),
        "notify_webhook": "https://chat.example/x",
        "notify_timeout": 2.5,
        "log": "-",
    }


def test_a_file_that_notepad_has_saved_is_read(tmp_path: Path) -> None:
    (tmp_path / "audit.toml").write_bytes(b"\xef\xbb\xbfkeep = 3\r\n")
    assert read_site_file(tmp_path / "audit.toml").values == {"keep": 3}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('dat = "x"', "line 1, dat: there is no such setting. Nearest: data"),
        ("as-of = 2024-12-31", "line 1, as-of: there is no such setting. Nearest: as_of"),
        ('\n\nnotify_when = "held"', "line 3, notify_when: there is no such setting. Nearest: notify.when"),
        ('[notify]\nwen = "held"', "line 2, notify.wen: there is no such setting. Nearest: notify.when"),
        ('[out]\nfolder = "x"', 'line 1, out: should be a path, in quotes, not folder'),
        ('log = "x"', "line 1, log: this is a table: write [log] on a line of its own and the settings below it"),
        ("keep = true", "line 1, keep: should be a whole number from 1, or none, not true"),
        ("threads = 0", "line 1, threads: should be a whole number from 1, not 0"),
        ('threads = "none"', "line 1, threads: should be a whole number from 1, not none"),
        ("year = 1899", "line 1, year: should be a whole number from 1900 to 2999, not 1899"),
        ("force = 1", "line 1, force: should be true or false, not 1"),
        ('as_of = "31.12.2024"', "line 1, as_of: should be a day written YYYY-MM-DD, not 31.12.2024"),
        ("as_of = 2024-12-31T00:00:00", "line 1, as_of: should be a day written YYYY-MM-DD, not 2024-12-31T00:00:00"),
        ('areas = "139901"', "line 1, areas: should be area codes of 2, 6, 9 or 12 digits, not 139901"),
        ('areas = ["1399"]', "line 1, areas: should be area codes of 2, 6, 9 or 12 digits, not 1399"),
        ('areas = ["139901\' OR 1=1"]', "line 1, areas: should be area codes of 2, 6, 9 or 12 digits, not 139901' OR 1=1"),
        ('fail_on = "hi"', "line 1, fail_on: should be one of high, medium, low, not hi"),
        ('out = ""', "line 1, out: should be a path, in quotes, not "),
        ('scratch = "nowhere"', "line 1, scratch: should be a folder that is there, not nowhere"),
        ("[notify]\ntimeout = 0", "line 2, notify.timeout: should be a number of seconds, over 0 and at most a day, not 0"),
        ("[notify]\ntimeout = nan", "line 2, notify.timeout: should be a number of seconds, over 0 and at most a day, not nan"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path: Path, written: str, told: str) -> None:
    assert mistakes(tmp_path, written) == [told]


def test_what_may_be_secret_is_not_told(tmp_path: Path) -> None:
    written = '[notify]\nwebhook = "ftp://u:secret@h/secret"\ncommand = "tell \'secret"\n'
    assert mistakes(tmp_path, written) == [
        "line 2, notify.webhook: should be an address that begins with http:// or https://, not ftp://h/***",
        "line 3, notify.command: should be a command, in quotes, in which every quote is closed, not tell ***",
    ]


def test_all_mistakes_in_the_order_of_the_lines(tmp_path: Path) -> None:
    written = 'outt = 1\nareas = [\n  "139901",\n  "x",\n]\nnotify = { when = "now" }\nkeep = 0\n'
    assert [one.partition(":")[0] for one in mistakes(tmp_path, written)] == [
        "line 1, outt", "line 2, areas", "line 6, notify.when", "line 7, keep",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ('keep = 1\nout = "C:\\x"\n', "line 2: this is not TOML (Unescaped '\\' in a string)"),
        ("keep = 1\nkeep = 2\n", "line 2: this is not TOML (Cannot overwrite a value)"),
        ('keep = 1\n\nout = "x', "line 3: this is not TOML (Unterminated string)"),
    ],
)
def test_no_toml(tmp_path: Path, written: str, told: str) -> None:
    (one,) = mistakes(tmp_path, written)
    assert one.startswith(told)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml：无法读取"):
        read_site_file(tmp_path / "nowhere.toml")
    (tmp_path / "audit.toml").write_bytes("lang = '中'".encode("gb18030"))
    with pytest.raises(InputError, match="UTF-8"):
        read_site_file(tmp_path / "audit.toml")


def test_the_line_of_a_value_over_many_lines() -> None:
    assert line_of("a = 1\n# remark\nb = [\n 1,\n 2,\n]\nc = 3\n", "b") == 3


def test_where_the_file_is_looked_for(tmp_path: Path) -> None:
    assert find_site_file(None, tmp_path) is None
    path = write(tmp_path, "")
    assert find_site_file(None, tmp_path) == path
    assert find_site_file(Path("other.toml"), tmp_path) == Path("other.toml")


def test_the_language_of_a_site_survives_a_broken_file(tmp_path: Path) -> None:
    assert site_language(None, tmp_path) is None
    write(tmp_path, 'lang = "en"\nkeep = 0\n')
    assert site_language(None, tmp_path) == "en"
    write(tmp_path, "lang = ")
    assert site_language(None, tmp_path) is None
