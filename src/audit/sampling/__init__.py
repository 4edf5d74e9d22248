"""Samples for field verification: how good the audit is, with a known confidence."""
