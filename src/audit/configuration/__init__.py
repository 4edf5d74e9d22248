"""What a site can set: one table of settings for flags, environment, ``audit.toml``, help and README.

A flag counts before an environment variable ``AUDIT_*``, that before ``audit.toml``, that before the default.
"""

from audit.configuration.declare import SETTINGS, Setting, Value
from audit.configuration.in_force import InForce, settings_in_force
from audit.configuration.run_settings import RunSettings, run_settings

__all__ = ["SETTINGS", "InForce", "RunSettings", "Setting", "Value", "run_settings", "settings_in_force"]
