"""The audit as an analyst tries rules out again: OUT holds an earlier tryout of the same files."""

from __future__ import annotations

from tests.benchmarks.peers.audit_tried import main

if __name__ == "__main__":
    main()
