"""What an audit reads: every table and column, declared once.

From this declaration come the pandera schemas (``schema``), the SQL that accepts, normalises or quarantines rows
(``normalise``; tests hold the two against each other), the data dictionary (``dictionary``), the blank workbook
(``template``) and the reading of hand-edited files.
"""

from __future__ import annotations

from audit.contract.declare import Table
from audit.contract.fields import Field, Personal, Type
from audit.contract.tables import TABLES

__all__ = ["TABLES", "Field", "Personal", "Table", "Type"]
