"""Reads a page as a browser takes it in, and tells what on it could run, load or mislead."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

from audit import AuditResult

RUNNING = {"script", "img", "image", "iframe", "object", "embed", "form", "base", "audio", "video", "link", "use"}


class Reading(HTMLParser):
    """The tags of a page with their attributes, and what stands in its styles and scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, list[str]] = {"style": [], "script": []}
        self._within = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.inside:
            self._within = tag
            self.inside[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within:
            self.inside[self._within][-1] += data

    @property
    def policy(self) -> str:
        (policy,) = [one["content"] for _, one in self.tags if one.get("http-equiv") == "Content-Security-Policy"]
        return policy or ""


def digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def dangers(page: str) -> list[str]:
    """Everything on a page that is not the site's own and could run, load, or turn text around."""
    read = Reading(page)
    found = [f"{tag} {one}" for tag, one in read.tags if tag in RUNNING - {"script"}]
    parts = dict(re.findall(r"([a-z-]+) ([^;]+)", read.policy))
    if parts["default-src"] != "'none'" or not read.policy.startswith("default-src 'none'; "):
        found.append(f"policy {read.policy}")
    for kind in ("style", "script"):
        found += [f"policy {one}" for one in parts[f"{kind}-src"].split() if not one.startswith("'sha256-")]
    for tag, attributes in read.tags:
        found += [f"{tag} {key}" for key in attributes if key.startswith("on") or key in {"style", "src", "srcset"}]
        target = attributes.get("href")
        if target is not None and not re.fullmatch(r"(\.\./)*[\w./-]*(#[\w-]+)?", target):
            found.append(f"{tag} {target}")
    # Data for a script of the page is no script; whatever else runs must be named by its digest.
    blocks = re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
    run = [content for attributes, content in blocks if "application/json" not in attributes]
    found += [f"script {one[:60]}" for one in run if digest(one) not in parts["script-src"]]
    found += [f"style {one[:60]}" for one in read.inside["style"] if digest(one) not in parts["style-src"]]
    if re.search("[\u202a-\u202e\u2066-\u2069\u200e\u200f]", page):
        found.append("direction")
    return found


def pages(run: AuditResult) -> list[tuple[str, str]]:
    """Every page of a run, by its place in the run's folder."""
    found = sorted(run.folder.rglob("*.html"))
    return [(path.relative_to(run.folder).as_posix(), path.read_text(encoding="utf-8")) for path in found]


def page(run: AuditResult, place: str) -> str:
    return (run.folder / place).read_text(encoding="utf-8")


def shown(html: str) -> str:
    """The text of a page without its tags, scripts and styles, white space made single."""
    bare = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", bare).split())


def part(html: str, heading: str) -> str:
    """One panel of a page, from its heading to its end."""
    return html[html.index(f'id="{heading}"') :].partition("</section>")[0]


def rows(html: str) -> list[list[str]]:
    """The cells of the rows of the first table's body in a part of a page, as text."""
    body = html.partition("<tbody>")[2].partition("</tbody>")[0]
    return [
        [shown(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]
        for row in body.split("<tr>")[1:]
    ]
