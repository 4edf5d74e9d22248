"""The catalogue of rules as Markdown, made from the rule files: it can't be out of date unnoticed."""

from __future__ import annotations

from audit.language import Language, text
from audit.rulebook.expression import BUILT_IN
from audit.rulebook.policy import Case, Rule, Rulebook
from audit.rulebook.words import fact_title, given_in_words, in_words


def rule_page(rule: Rule, rulebook: Rulebook, lang: Language) -> str:
    """One rule as Markdown: what it counts and flags, in words and as written, what to do, its values and its cases."""
    chinese = lang == "zh"
    lines = [
        f"## {rule.id} {rule.title if chinese else rule.title_en}",
        "",
        _entry("name", f"`{rule.name}`", lang),
        _entry("section", rule.section, lang),
        _entry("subject", rule.subject.title if chinese else rule.subject.title_en, lang),
        _entry("severity", severity_shown(rule, lang), lang),
    ]
    for key, node in (("among", rule.among), ("population", rule.population), ("flag", rule.flag)):
        if key in rule.texts:
            lines.append(_entry(key, f"{in_words(node, rulebook, lang)} — `{rule.texts[key]}`", lang))
    if rule.measure:
        lines.append(_entry("measure", fact_title(rule.measure, lang), lang))
    lines.append(_entry("message", rule.message if chinese else rule.message_en, lang))
    lines += _heading("remedy", lang) + [rule.remedy if chinese else rule.remedy_en]
    if inspect := rule.inspect if chinese else rule.inspect_en:
        lines += [*_heading("inspect", lang), inspect]
    named = [name for name in rule.parameters if name not in BUILT_IN]
    if named:
        lines += _heading("parameters", lang)
        lines += [line for name in named for line in _parameter(rulebook, name, lang)]
    if rule.evidence:
        lines += _heading("evidence", lang)
        lines += [f"- `{fact.name}` {fact_title(fact, lang)}" for fact in rule.evidence]
    lines += [*_heading("cases", lang), text("catalogue.not_given", lang), ""]
    lines += [_case(rule, case, rulebook, lang) for case in rule.cases]
    return "\n".join(lines) + "\n"


def severity_shown(rule: Rule, lang: Language) -> str:
    """The word for a rule's severity, with a word behind it where the rule is advisory; an indicator has none."""
    if not rule.severity:
        return text("cli.indicator", lang)
    word = text(f"cli.{rule.severity}", lang)
    return text("advisory.severity", lang, severity=word) if rule.advisory else word


def _heading(key: str, lang: Language) -> list[str]:
    return ["", f"### {text(f'catalogue.{key}', lang)}", ""]


def _case(rule: Rule, case: Case, rulebook: Rulebook, lang: Language) -> str:
    return text(
        "catalogue.case",
        lang,
        outcome=text(f"words.{case.outcome.value}", lang),
        about=case.about if lang == "zh" else case.about_en,
        given=given_in_words(rule, case, rulebook, lang),
    )


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
