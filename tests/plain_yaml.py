"""YAML as rule files are written: what stands twice is written twice, since anchors are refused when rules are read."""

from __future__ import annotations

import yaml


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def plain_yaml(value: object) -> str:
    """Write a value as YAML without anchors, keys in their order."""
    return yaml.dump(value, Dumper=_Plain, allow_unicode=True, sort_keys=False)
