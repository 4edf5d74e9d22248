"""Every text that people read, in Chinese and in English.

The catalogue is one folder per language with one YAML file per section; the key ``intake.empty_file``
is the entry ``empty_file`` of ``zh/intake.yaml`` and ``en/intake.yaml``.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal, get_args

import yaml

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def section(name: str, lang: Language) -> dict[str, str]:
    """Read one section of the catalogue: text templates by key."""
    source = resources.files(__name__).joinpath(lang, f"{name}.yaml").read_text(encoding="utf-8")
    return {str(key): str(value) for key, value in yaml.load(source, Loader=yaml.CSafeLoader).items()}


def text(key: str, lang: Language, /, **values: object) -> str:
    """Give the sentence for a key, with the values put in.

    Raises:
        KeyError: the catalogue has no such text, or the text names a value that was not given.
    """
    name, _, entry = key.partition(".")
    return section(name, lang)[entry].format(**values)
