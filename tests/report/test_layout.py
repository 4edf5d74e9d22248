"""Links between the folders of a run, and the layout of every page."""

from __future__ import annotations

from datetime import date

import pytest

from audit.report.layout import WHOLE_SITE, Frame, Head, content_policy, environment, render
from audit.report.links import relative, rule_page, township_page, village_page
from tests.report.reading import Reading, digest

FRAME = Frame("2024-12-31-0123456789ab", date(2024, 12, 31), "zh", held=True, navigation=WHOLE_SITE)


@pytest.mark.parametrize(
    ("page", "target", "link"),
    [
        ("index.html", "rules/INC-4.html", "rules/INC-4.html"),
        ("rules/INC-4.html", "index.html", "../index.html"),
        ("rules/INC-4.html", "rules/INC-3.html", "INC-3.html"),
        ("rules/INC-4.html", "rules/INC-4.html", "INC-4.html"),
        ("rules/INC-4.html", "rules/INC-4.html#findings", "#findings"),
        ("areas/139901101000/index.html", "index.html#townships", "../../index.html#townships"),
        ("rules/INC-4.html", "areas/139901101000/139901101001.html#household-H1",
         "../areas/139901101000/139901101001.html#household-H1"),
    ],
)  # fmt: skip
def test_links_between_folders(page: str, target: str, link: str) -> None:
    assert relative(page, target) == link


def test_where_pages_lie() -> None:
    assert rule_page("INC-4") == "rules/INC-4.html"
    assert township_page("139901101001") == "areas/139901101000/index.html"
    assert village_page("139901101001") == "areas/139901101000/139901101001.html"
    # A county, or no area at all, is in no township; a township's own findings are in no village.
    assert township_page("139901000000") == township_page(None) == "areas/unknown/index.html"
    assert village_page("139901101000") == "areas/139901101000/unknown.html"


def laid_out(head: Head) -> str:
    return render(environment(), "layout.html.j2", FRAME, head)


def test_a_page_says_where_it_is_and_that_the_run_is_held() -> None:
    head = Head("rules/INC-4.html", "INC-4 <b>", (("index.html", "总览"), ("rules/index.html", "规则")))
    page = laid_out(head)
    assert '<html lang="zh-CN">' in page
    assert "<h1><bdi>INC-4 &lt;b&gt;</bdi></h1>" in page
    assert '<a class="skip" href="#main">跳到正文</a>' in page
    assert '<li><a href="../index.html"><bdi>总览</bdi></a></li>' in page
    assert "本次数据没有通过闸口核对" in page
    assert '<a href="../gate.html">' in page
    assert "审计日 2024-12-31　批次 2024-12-31-0123456789ab" in page


def test_the_policy_names_the_very_styles_and_scripts_of_the_page() -> None:
    read = Reading(laid_out(Head("index.html", "x")))
    assert len(read.inside["style"]) == len(read.inside["script"]) == 1
    style, script = digest(read.inside["style"][0]), digest(read.inside["script"][0])
    assert read.policy == (
        f"default-src 'none'; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
    )
    # The digest of an empty text, from RFC 6234's tables in base64.
    assert "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='" in content_policy([""], [])


def test_the_same_page_has_the_same_bytes() -> None:
    assert laid_out(Head("index.html", "x")) == laid_out(Head("index.html", "x"))
