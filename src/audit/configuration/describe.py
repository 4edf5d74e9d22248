"""The settings in words: as a list of what is in force, as a table of README, and as a commented ``audit.toml``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from audit.configuration.declare import SECTIONS, SETTINGS, Setting
from audit.configuration.in_force import InForce
from audit.configuration.shown import shown
from audit.language import Language, text


def sentence(setting: Setting, lang: Language) -> str:
    """What a setting does."""
    return text(f"configuration.{setting.name}", lang)


def flags(setting: Setting) -> str:
    """How a setting is written on the command line, and how a yes is taken back."""
    return f"{setting.flag}/{setting.opposite}" if setting.kind == "yes_no" else setting.flag


def origin(one: InForce, lang: Language) -> str:
    """Where the value that counts comes from."""
    place = one.file or one.setting.environment
    return text(f"configuration.from_{one.origin}", lang, place=place, flag=one.setting.flag)


def describe_settings(found: Sequence[InForce], lang: Language) -> list[dict[str, object]]:
    """Every setting as data for programs; what may be secret is masked."""
    return [
        {
            "name": one.setting.name,
            "key": one.setting.key,
            "flag": one.setting.flag,
            "environment": one.setting.environment,
            "section": one.setting.section,
            "value": shown(one.setting, one.value) or None,
            "from": one.origin,
            "file": str(one.file) if one.file else None,
            "default": shown(one.setting, one.setting.default) or None,
            "choices": list(one.setting.choices),
            "meaning": sentence(one.setting, lang),
        }
        for one in found
    ]


def settings_markdown(lang: Language) -> str:
    """Every setting as a Markdown table: key, flag, environment variable, default, meaning."""
    heads = [text(f"configuration.head_{name}", lang) for name in ("key", "flag", "environment", "default", "meaning")]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for setting in SETTINGS:
        default = shown(setting, setting.default)
        codes = [setting.key, flags(setting).replace("/", "`, `"), setting.environment, default]
        cells = [f"`{code}`" if code else "" for code in codes]
        lines.append(f"| {' | '.join([*cells, sentence(setting, lang)])} |")
    return "\n".join(lines) + "\n"


def example_file(lang: Language) -> str:
    """An ``audit.toml`` with every setting as a remark: a line counts once its ``#`` is taken away."""
    return "\n".join(_example_lines(lang)) + "\n"


def _example_lines(lang: Language) -> Iterator[str]:
    yield from (f"# {line}" for line in text("configuration.example_head", lang).splitlines())
    table = ""
    for section in SECTIONS:
        yield ""
        yield f"# --- {text(f'configuration.section_{section}', lang)} ---"
        for setting in SETTINGS:
            if setting.section != section:
                continue
            if setting.table != table:
                table = setting.table
                yield f"[{table}]"
            yield f"# {sentence(setting, lang)}"
            yield f"#{setting.key.rpartition('.')[2]} = {setting.example}"
