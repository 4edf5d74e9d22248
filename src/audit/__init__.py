"""Checks household registries against dated rules and writes down every finding with its evidence."""
