"""The plain words that every part of the audit shares: documents with line numbers, outcomes, area levels."""
