"""What can go wrong, in six families.

AuditError                 everything that the command line shows as a sentence, never as a traceback
├── InputError             an input file cannot be used: which file, which sheet, what would help
├── SourceMapError         the source map has mistakes (all of them in one message)
├── RulebookError          rules or parameters have mistakes (all of them in one message)
├── ConfigurationError     the settings of a site have mistakes (all of them in one message)
├── SamplingError          a file of an inspector has mistakes (all of them in one message)
└── RunError               the audit cannot be run or published as asked

Faults in the data are not errors: they end in quarantine, as cell faults or as findings.
"""

from __future__ import annotations

from audit.language import Language, text


class AuditError(Exception):
    """A trouble that is told to the user in a sentence with its remedy.

    Args:
        key: the text's name in the language catalogue, such as ``intake.empty_file``.
        values: what the text names: files, sheets, rows, columns, values.
    """

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values

    def message(self, lang: Language) -> str:
        """Tell the trouble in one language."""
        told = {
            name: value.message(lang) if isinstance(value, AuditError) else value for name, value in self.values.items()
        }
        return text(self.key, lang, **told)

    def __str__(self) -> str:
        return self.message("zh")


class InputError(AuditError):
    """An input file, sheet or table cannot be used."""


class RunError(AuditError):
    """The audit cannot be run or published as asked."""


class MistakesError(AuditError):
    """Several mistakes of one author's files, told together.

    Args:
        key: the heading's name in the language catalogue; it may use ``{count}``.
        mistakes: one error per mistake, in file and line order.
    """

    def __init__(self, key: str, /, mistakes: list[AuditError]) -> None:
        super().__init__(key, count=len(mistakes))
        self.mistakes = mistakes

    def message(self, lang: Language) -> str:
        """Tell the heading, then every mistake on its own line."""
        return "\n".join([super().message(lang), *(f"  {mistake.message(lang)}" for mistake in self.mistakes)])


class SourceMapError(MistakesError):
    """The source map has mistakes."""


class RulebookError(MistakesError):
    """Rules or parameters have mistakes."""


class ConfigurationError(MistakesError):
    """The settings of a site have mistakes."""


class SamplingError(MistakesError):
    """A file of an inspector has mistakes."""


def defect_place(error: Exception) -> str:
    """Where a defect of the program showed: module and line, never values, which may be personal."""
    trace = error.__traceback__
    place = "?"
    while trace:
        module = trace.tb_frame.f_globals.get("__name__", "")
        if str(module).startswith("audit"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
