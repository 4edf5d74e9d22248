"""What every page has around it: header, navigation, style, and the policy that lets nothing else run or load."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from importlib import resources
from pathlib import Path

import jinja2

from audit.language import Language, section
from audit.report.links import GATE, INDEX, QUARANTINE, RULES, relative

#: The style of every page and the script of every page; a page may ask for further scripts.
STYLE, SCRIPT = "site.css", "site.js"


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages of a run say about it.

    Attributes:
        run_id: the run's name.
        as_of: the day of the audit.
        lang: the language of the pages.
        held: whether the gate held the run when its pages were made.
        navigation: the pages that are linked from every page, each with the key of its title in ``layout``.
    """

    run_id: str
    as_of: date
    lang: Language = "zh"
    held: bool = False
    navigation: tuple[tuple[str, str], ...] = ()


#: The navigation of a run with all its pages.
WHOLE_SITE = (
    (INDEX, "overview"),
    (RULES, "rules"),
    (f"{INDEX}#townships", "townships"),
    (QUARANTINE, "quarantine"),
    (GATE, "gate"),
)


@dataclass(frozen=True, slots=True)
class Head:
    """What one page says about itself.

    Attributes:
        page: where it lies in the run's folder, such as ``rules/INC-4.html``.
        title: its title, harmless already.
        crumbs: the pages above it, from the overview down: where they lie and their titles.
        scripts: names of the scripts it needs beside the one of every page, in ``templates``.
        subtitle: a line below the title.
        styles: names of the styles it needs beside the one of every page, in ``templates``.
    """

    page: str
    title: str
    crumbs: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    subtitle: str = ""
    styles: tuple[str, ...] = ()


@cache
def environment(*packages: str) -> jinja2.Environment:
    """The templates of the report, and those of packages with pages of their own; whatever is put in is escaped.

    They are made ready once.
    """
    return jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(package) for package in (*packages, "audit.report")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )


def render(templates: jinja2.Environment, template: str, frame: Frame, head: Head, **context: object) -> str:
    """Lay one page out.

    Beside its context a template has ``frame``, ``head``, ``shared`` (the texts of the layout) and ``link``, which
    gives the link from this page to another place of the run.

    Args:
        templates: where the templates are.
        template: the name of the page's template, which extends ``layout.html.j2``.
        frame: what all pages of the run say.
        head: what this page says about itself.
        context: what the template shows.
    """
    styles = tuple(asset(name) for name in (STYLE, *head.styles))
    scripts = tuple(asset(name) for name in (SCRIPT, *head.scripts))
    return templates.get_template(template).render(
        frame=frame,
        head=head,
        shared=section("layout", frame.lang),
        html_lang="zh-CN" if frame.lang == "zh" else "en",
        link=partial(relative, head.page),
        policy=content_policy(styles, scripts),
        styles=styles,
        scripts=scripts,
        **context,
    )


def write_page(
    folder: Path, templates: jinja2.Environment, template: str, frame: Frame, head: Head, **context: object
) -> Path:
    """Lay one page out and write it to its place in the run's folder; gives that place."""
    path = folder / head.page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(templates, template, frame, head, **context), encoding="utf-8", newline="\n")
    return path


@cache
def asset(name: str) -> str:
    """A style or script, as it stands between its tags: the very characters of which the policy names the digest."""
    return resources.files("audit.report").joinpath("templates", name).read_text(encoding="utf-8")


def content_policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """The content security policy of a page: these styles and scripts, and nothing from anywhere."""
    parts = ["default-src 'none'", f"style-src {_digests(styles)}", f"script-src {_digests(scripts)}"]
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


@cache
def _digest(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _digests(contents: Sequence[str]) -> str:
    return " ".join(map(_digest, contents)) or "'none'"
