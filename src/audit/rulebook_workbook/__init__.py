"""Rules, cases and parameters as one workbook, out and back in: the round trip changes nothing.

``export`` writes the workbook; ``read`` reads what people made of it; ``compare`` answers each row; ``trial`` checks
the rules as they would be; ``write_back`` edits the files; ``answer`` tells people.
"""

from __future__ import annotations

from audit.rulebook_workbook.answer import write_answer
from audit.rulebook_workbook.answers import Answer, Report, Verdict
from audit.rulebook_workbook.bring_in import import_workbook
from audit.rulebook_workbook.export import export_workbook

__all__ = ["Answer", "Report", "Verdict", "export_workbook", "import_workbook", "write_answer"]
