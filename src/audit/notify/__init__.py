"""Tells others how an audit went: a command of the user's choosing and a webhook, neither of which can harm the run."""

from audit.notify.channels import Told, tell
from audit.notify.outcome import Outcome, State, wanted

__all__ = ["Outcome", "State", "Told", "tell", "wanted"]
