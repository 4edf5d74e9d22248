"""The audit and its peers on the same ten rules and the same files: one module per peer, run as a process of its own.

Every peer is called as ``python -m tests.benchmarks.peers.NAME DATA OUT`` and leaves Parquet files with the columns
``rule_id`` and ``subject_id`` in OUT (cuallee, which keeps no rows: ``rule_id`` and ``failing``). The frames that the
rules look at are made inside each process with the tool's own means.
"""
