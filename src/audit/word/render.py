"""Fills a template in: tags are looked up in the report and nothing else, whatever the template or the data say."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import fields
from pathlib import Path

import docx
import jinja2
from docx.document import Document
from docxtpl import DocxTemplate
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from audit.errors import AuditError, MistakesError, RunError
from audit.word.report import SPECIMEN, Report
from audit.word.tags import blamed, find_tags, mistakes_in, refused, unpaired

_UNKNOWN = (re.compile(r"^'(\w+)' is undefined"), re.compile(r"has no attribute '(\w+)'"))


def read_template(path: Path) -> bytes:
    """Read a template, and see that it can be filled in.

    Raises:
        RunError: there is no such file, or it is no Word document.
        MistakesError: its mistakes, each with the tag, its place and the nearest field.
    """
    try:
        content = path.read_bytes()
        document = docx.Document(io.BytesIO(content))
    except FileNotFoundError as error:
        raise RunError("county.template_missing", file=path) from error
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, XMLSyntaxError) as error:
        raise RunError("county.template_unreadable", file=path) from error
    if mistakes := mistakes_in(document, path.name, _environment()):
        raise MistakesError("county.template_mistakes", mistakes)
    fill(content, SPECIMEN, path.name)
    return content


def fill(template: bytes, report: Report, file: str) -> Document:
    """Fill a template in.

    Args:
        template: the Word document with its tags.
        report: what the tags stand for.
        file: what the template is called, for messages.

    Raises:
        MistakesError: a tag names what a report does not have, or does what a template may not.
    """
    filled = DocxTemplate(io.BytesIO(template))
    values = {field.name: getattr(report, field.name) for field in fields(report)}
    try:
        filled.render(values, _environment(), autoescape=True)
    except jinja2.TemplateSyntaxError as error:  # each tag can be read, but not all of them together
        tags = find_tags(docx.Document(io.BytesIO(template)))
        raise MistakesError("county.template_mistakes", [unpaired(tags, file)]) from error
    except jinja2.TemplateError as error:
        raise MistakesError("county.template_mistakes", [_mistake(template, error.message or "", file)]) from error
    except (TypeError, ValueError, ArithmeticError, LookupError, XMLSyntaxError) as error:
        raise MistakesError("county.template_mistakes", [_mistake(template, str(error), file)]) from error
    document: Document = filled.docx
    return document


def _environment() -> jinja2.Environment:
    """A template may read fields, loop and ask; a field that there is not is a mistake, never an empty text."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)


def _mistake(template: bytes, problem: str, file: str) -> AuditError:
    tags = find_tags(docx.Document(io.BytesIO(template)))
    for pattern in _UNKNOWN:
        if named := pattern.search(problem):
            return blamed(tags, named[1], file)
    return refused(tags, problem, file)
