"""The catalogue of rules as Markdown, made from the rule files: it can't be out of date unnoticed."""

from __future__ import annotations

from audit.language import Language, text
from audit.rulebook.expression import BUILT_IN
from audit.rulebook.policy import Rule, Rulebook


def rule_page(rule: Rule, rulebook: Rulebook, lang: Language) -> str:
    """One rule as Markdown: what it counts, what it flags, its parameters with sources, its cases."""
    chinese = lang == "zh"
    lines = [
        f"## {rule.id} {rule.title if chinese else rule.title_en}",
        "",
        _entry("name", f"`{rule.name}`", lang),
        _entry("section", rule.section, lang),
        _entry("subject", rule.subject.title if chinese else rule.subject.title_en, lang),
        _entry("severity", severity_shown(rule, lang), lang),
        *(_entry(key, f"`{rule.texts[key]}`", lang) for key in ("among", "population", "flag") if key in rule.texts),
    ]
    if rule.measure:
        lines.append(_entry("measure", rule.measure.title if chinese else rule.measure.title_en, lang))
    lines.append(_entry("message", rule.message if chinese else rule.message_en, lang))
    lines.append(_entry("remedy", rule.remedy if chinese else rule.remedy_en, lang))
    named = [name for name in rule.parameters if name not in BUILT_IN]
    if named:
        lines += ["", text("catalogue.parameters", lang), ""]
        lines += [line for name in named for line in _parameter(rulebook, name, lang)]
    lines += ["", text("catalogue.evidence", lang), ""]
    lines += [f"- `{fact.name}` {fact.title if chinese else fact.title_en}" for fact in rule.evidence]
    lines += ["", text("catalogue.cases", lang), ""]
    lines += [f"- {case.outcome.value}: {case.about if chinese else case.about_en}" for case in rule.cases]
    return "\n".join(lines) + "\n"


def severity_shown(rule: Rule, lang: Language) -> str:
    """The word for a rule's severity, with a word behind it where the rule is advisory; an indicator has none."""
    if not rule.severity:
        return text("cli.indicator", lang)
    word = text(f"cli.{rule.severity}", lang)
    return text("advisory.severity", lang, severity=word) if rule.advisory else word


def _entry(key: str, value: str, lang: Language) -> str:
    return f"- **{text(f'catalogue.{key}', lang)}** {value}"


def _parameter(rulebook: Rulebook, name: str, lang: Language) -> list[str]:
    parameter = rulebook.parameters[name]
    title, unit = (parameter.title, parameter.unit) if lang == "zh" else (parameter.title_en, parameter.unit_en)
    lines = []
    for value in parameter.values:
        until = f" – {value.valid_to}" if value.valid_to else ""
        where = value.area or text("catalogue.everywhere", lang)
        lines.append(
            f"- `${name}` {title}: {value.value} {unit} ({value.valid_from}{until}, {where}; {value.source})".replace(
                "  ", " "
            )
        )
    return lines


def catalogue(rulebook: Rulebook, lang: Language) -> str:
    """Write ``rules/README.md``: a table of all rules, then a section for each."""
    lines = [f"# {text('catalogue.title', lang)}", "", text("catalogue.intro", lang), ""]
    heads = ("id", "name", "rule_title", "subject", "severity", "population", "flag")
    lines.append("| " + " | ".join(text(f"catalogue.{head}", lang).rstrip(":：") for head in heads) + " |")
    lines.append("|" + "---|" * len(heads))
    for rule in rulebook.rules:
        population, flag = (rule.texts[key].replace("|", "\\|") for key in ("population", "flag"))
        title = rule.title if lang == "zh" else rule.title_en
        subject = rule.subject.title if lang == "zh" else rule.subject.title_en
        severity = severity_shown(rule, lang)
        lines.append(
            f"| [{rule.id}](#{rule.id.lower()}) | `{rule.name}` | {title} | {subject} | {severity} "
            f"| `{population}` | `{flag}` |"
        )
    for rule in rulebook.rules:
        lines += ["", f'<a id="{rule.id.lower()}"></a>', "", rule_page(rule, rulebook, lang).rstrip()]
    return "\n".join(lines) + "\n"
