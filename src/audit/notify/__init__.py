"""Tells others how an audit went: a command of the user's choosing and a webhook, neither of which can harm the run."""

from audit.notify.outcome import Outcome, State, wanted
from audit.notify.tell import Told, tell

__all__ = ["Outcome", "State", "Told", "tell", "wanted"]
