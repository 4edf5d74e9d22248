"""Writes down what a run found: findings, rates, quarantine and cell faults as Parquet, and ``run.json``."""
