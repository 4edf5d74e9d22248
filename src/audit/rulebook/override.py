"""Puts a value to try into a rulebook: it holds everywhere and always, and says that it is only a rehearsal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from audit.errors import AuditError, RulebookError
from audit.language import text
from audit.model.document import Document, Plain, parse_document
from audit.model.nearest import nearest
from audit.rulebook import Parameter, Rulebook
from audit.rulebook.parameter_file import read_parameters

#: Before any day that an audit may be asked about.
_ALWAYS = date(1900, 1, 1)


def with_values(rulebook: Rulebook, written: Sequence[str]) -> Rulebook:
    """Give a rulebook in which some parameters have one value instead of their dated ones.

    Args:
        rulebook: the rulebook, which stays as it is.
        written: the values as people write them: ``low_income_line=4500``.

    Raises:
        RulebookError: every value that is not understood, with the nearest name or the type that it should have.
    """
    mistakes: list[AuditError] = []
    values: dict[str, Parameter] = {}
    for item in written:
        name, equals, value = (part.strip() for part in item.partition("="))
        if not (name and equals and value):
            mistakes.append(AuditError("rehearsal.no_value", item=item))
        elif name not in rulebook.parameters:
            close = nearest(name, rulebook.parameters)
            mistakes.append(AuditError("rehearsal.unknown_parameter", name=name, nearest=close))
        elif name in values:
            mistakes.append(AuditError("rehearsal.two_values", name=name))
        else:
            values[name] = _tried(rulebook.parameters[name], value, mistakes)
    if mistakes:
        raise RulebookError("rehearsal.mistakes", mistakes)
    if not values:
        return rulebook
    return replace(rulebook, parameters={**rulebook.parameters, **values}, digest=_digest(rulebook, values), files={})


def _tried(parameter: Parameter, value: str, mistakes: list[AuditError]) -> Parameter:
    """The parameter with one value, read as strictly as those of the rulebook."""
    refused: list[AuditError] = []
    entry: dict[str, Plain] = {
        "title": parameter.title,
        "title_en": parameter.title_en,
        "type": parameter.kind,
        "values": [{"value": _plain(value), "from": _ALWAYS, "source": text("rehearsal.tried_source", "zh")}],
    }
    read = read_parameters(Document(parameter.name, {parameter.name: entry}, {}), refused)
    if refused:
        mistakes.append(AuditError("rehearsal.value_type", name=parameter.name, value=value, type=parameter.kind))
        return parameter
    return replace(parameter, values=read[parameter.name].values)


def _plain(value: str) -> Plain:
    """A value as it would be read from a file of parameters; text that is no YAML stays text."""
    try:
        return parse_document(value, "").value
    except AuditError:
        return value


def _digest(rulebook: Rulebook, values: Mapping[str, Parameter]) -> str:
    content = [rulebook.digest, {name: str(one.values[0].value) for name, one in values.items()}]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
