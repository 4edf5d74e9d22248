"""Which value of each setting counts: the flag's, else the environment's, else the file's, else the default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from audit.configuration.declare import SETTINGS, Setting, Value
from audit.configuration.read_value import read_text
from audit.configuration.site_file import find_site_file, read_site_file
from audit.errors import AuditError, ConfigurationError

Origin = Literal["flag", "environment", "file", "default"]

#: Where a registry can come from: the last of them that is set by the strongest hand counts alone.
_REGISTRY = ("data", "source")
_STRENGTH: Mapping[Origin, int] = {"flag": 3, "environment": 2, "file": 1, "default": 0}


@dataclass(frozen=True)
class InForce:
    """A setting with the value that counts and where that comes from.

    Attributes:
        setting: the setting.
        value: what counts.
        origin: who set it.
        file: the file of settings that set it, if one did.
    """

    setting: Setting
    value: Value
    origin: Origin
    file: Path | None = None


def settings_in_force(
    given: Mapping[str, Value], environment: Mapping[str, str], config: Path | None, here: Path
) -> tuple[InForce, ...]:
    """Find the value that counts of every setting, in the order of the table.

    Args:
        given: what the command line says, by the settings' names; what it does not say is left out.
        environment: the environment variables; an empty one says nothing.
        config: the file of settings that was named, if one was.
        here: the folder in which ``audit.toml`` is looked for otherwise.

    Raises:
        InputError: the file of settings can't be read.
        ConfigurationError: every mistake in the file and in the environment.
    """
    path = find_site_file(config, here)
    site = read_site_file(path) if path else None
    mistakes = list(site.mistakes) if site else []
    found = []
    for setting in SETTINGS:
        one = InForce(setting, setting.default, "default")
        if site and setting.name in site.values:
            one = InForce(setting, site.values[setting.name], "file", site.path)
        if written := environment.get(setting.environment):
            try:
                one = InForce(setting, read_text(setting, written), "environment")
            except AuditError as error:
                mistakes.append(AuditError("configuration.in_environment", name=setting.environment, problem=error))
        if setting.name in given:
            one = InForce(setting, given[setting.name], "flag")
        found.append(one)
    found = _one_registry(found, mistakes)
    if mistakes:
        raise ConfigurationError("configuration.mistakes", mistakes)
    return tuple(found)


def _one_registry(found: list[InForce], mistakes: list[AuditError]) -> list[InForce]:
    """Leave one registry: a folder named on the command line counts before the database of the file."""
    data, source = (one for one in found if one.setting.name in _REGISTRY)
    if data.value is None or source.value is None:
        return found
    if _STRENGTH[data.origin] == _STRENGTH[source.origin]:
        mistakes.append(AuditError("configuration.two_registries"))
    weaker = min(data, source, key=lambda one: _STRENGTH[one.origin])
    return [replace(one, value=None, origin="default", file=None) if one is weaker else one for one in found]
