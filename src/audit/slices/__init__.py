"""One area's own copy of a run: pages, workbook, Parquet and a manifest, with nothing in it of any other area."""

from __future__ import annotations

from audit.slices.cut import Slice, cut_area, cut_each

__all__ = ["Slice", "cut_area", "cut_each"]
