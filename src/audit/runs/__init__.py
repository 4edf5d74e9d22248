"""The output folder: one audit at a time, runs appear whole or not at all, and ``latest`` is the last good one."""
