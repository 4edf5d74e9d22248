"""What could not be read: a page that says what to mend, and a workbook to send back."""

from __future__ import annotations

from audit.report.quarantine.build import build_quarantine

__all__ = ["build_quarantine"]
