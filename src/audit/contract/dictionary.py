"""The data dictionary, made from the contract: every table and column with its labels, codes and type."""

from __future__ import annotations

import jinja2

from audit.contract.declare import Table
from audit.contract.fields import Field
from audit.contract.tables import TABLES
from audit.language import Language, text


def dictionary_markdown(lang: Language) -> str:
    """Write the dictionary as Markdown."""
    lines = [f"# {text('dictionary.title', lang)}", "", text("dictionary.intro", lang), ""]
    for table in TABLES.values():
        lines += [
            f"## {table.name} {_title(table, lang)}",
            "",
            f"{text('dictionary.key', lang)} `{', '.join(table.key)}`",
            "",
        ]
        lines.append("| " + " | ".join(_heads(lang)) + " |")
        lines.append("|" + "---|" * len(_heads(lang)))
        lines += [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in _row(field, lang)) + " |" for field in table.fields
        ]
        lines.append("")
    return "\n".join(lines)


_PAGE = """<!doctype html>
<html lang="{{ lang }}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title>
<style>
body { font: 16px/1.5 system-ui, "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; margin: 1rem auto; max-width: 70rem;
  padding: 0 1rem; color-scheme: light dark; }
table { border-collapse: collapse; width: 100%; display: block; overflow-x: auto; }
th, td { border: 1px solid #8888; padding: .2rem .5rem; text-align: left; vertical-align: top; }
code { font-family: ui-monospace, monospace; }
</style></head><body><main><h1>{{ title }}</h1><p>{{ intro }}</p>
{% for table in tables %}<h2 id="{{ table.name }}"><code>{{ table.name }}</code> {{ table.title }}</h2>
<p>{{ key }} <code>{{ table.key }}</code></p>
<table><thead><tr>{% for head in heads %}<th scope="col">{{ head }}</th>{% endfor %}</tr></thead>
<tbody>{% for row in table.rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table>
{% endfor %}</main></body></html>
"""


def dictionary_html(lang: Language) -> str:
    """Write the dictionary as one HTML page that needs no network."""
    tables = [
        {
            "name": table.name,
            "title": _title(table, lang),
            "key": ", ".join(table.key),
            "rows": [[cell.strip("`") for cell in _row(field, lang)] for field in table.fields],
        }
        for table in TABLES.values()
    ]
    return (
        jinja2.Environment(autoescape=True)
        .from_string(_PAGE)
        .render(
            lang="zh-CN" if lang == "zh" else "en",
            title=text("dictionary.title", lang),
            intro=text("dictionary.intro", lang),
            key=text("dictionary.key", lang),
            heads=_heads(lang),
            tables=tables,
        )
    )


def _title(table: Table, lang: Language) -> str:
    return table.title if lang == "zh" else table.title_en


def _heads(lang: Language) -> list[str]:
    return [text(f"dictionary.{head}", lang) for head in ("column", "meaning", "labels", "type", "codes", "notes")]


def _row(field: Field, lang: Language) -> list[str]:
    chinese = lang == "zh"
    codes = "; ".join(f"{code} {'/'.join(labels)}" for code, labels in field.codes.items())
    notes = [
        text("dictionary.required", lang) if field.required else "",
        text("dictionary.personal", lang) if field.personal else "",
        f"→ {field.references}" if field.references else "",
        field.note[0 if chinese else 1],
    ]
    kind = text(f"dictionary.type_{field.type}", lang)
    return [
        f"`{field.name}`",
        field.title if chinese else field.title_en,
        "、".join(field.labels) if chinese else ", ".join(field.labels),
        f"{kind} ({field.unit})" if field.unit else kind,
        codes,
        "; ".join(note for note in notes if note),
    ]
