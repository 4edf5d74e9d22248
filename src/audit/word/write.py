"""Writes the report of a run, or of one area of it, into a Word file."""

from __future__ import annotations

from pathlib import Path

from audit.language import Language, text
from audit.published import Area, areas_at, find_area, opened, read_areas, read_published
from audit.word.compose import compose
from audit.word.docx_file import docx_bytes, save
from audit.word.render import fill, read_template
from audit.word.template import default_template


def write_report(
    folder: Path,
    path: Path,
    *,
    template: Path | None = None,
    area: str | None = None,
    lang: Language = "zh",
    force: bool = False,
) -> Path:
    """Write the report; people in it are always masked.

    Args:
        folder: the run's folder.
        path: the file to write.
        template: the office's own template, by default the one that comes with the audit.
        area: code or name of the one area that the report is about, by default all of the run.
        lang: language of the report.
        force: whether an existing file is overwritten.

    Raises:
        RunError: the run can't be read or has no such area, the template is no Word document, or the file can't be
            written or is there already.
        MistakesError: the template has mistakes.
    """
    run = read_published(folder)
    areas = read_areas(run)
    about = find_area(areas, area) if area else None
    content = read_template(template) if template else docx_bytes(default_template(lang))
    with opened(run, about) as con:
        report = compose(run, con, about, about.title if about else _whole(areas, lang), lang)
    return save(fill(content, report, template.name if template else ""), path, force=force)


def _whole(areas: tuple[Area, ...], lang: Language) -> str:
    """What all of a run is called: its county, if there is only one."""
    counties = areas_at(areas, "county")
    return counties[0].title if len(counties) == 1 else text("county.everywhere", lang)
