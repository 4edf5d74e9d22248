"""The argument that says where a registry is: a path, or the address of a database server."""

from __future__ import annotations

from pathlib import Path

import click

from audit.model.registry_place import registry_place


class RegistryPlace(click.ParamType[Path | str]):
    """A folder, a workbook, a DuckDB file, or ``postgresql://user@host/database``."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        """Leave an address as it stands; everything else is a path."""
        return registry_place(str(value))
