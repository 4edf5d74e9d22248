"""Tells the outcome of an audit on every channel that is set, and says what became of it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from audit.errors import AuditError
from audit.language import Language
from audit.notify.command import run_command
from audit.notify.outcome import Outcome
from audit.notify.webhook import post

Channel = Literal["command", "webhook"]


@dataclass(frozen=True)
class Told:
    """One notification.

    Attributes:
        channel: the command or the webhook.
        seconds: how long it took.
        failure: why nobody was told, if so.
    """

    channel: Channel
    seconds: float
    failure: AuditError | None


def tell(
    outcome: Outcome,
    *,
    command: str | None,
    webhook: str | None,
    folder: Path,
    timeout: float,
    lang: Language,
    seconds: Callable[[], float] = time.perf_counter,
) -> tuple[Told, ...]:
    """Tell an outcome; each channel has its own time, and a failure of one is no failure of the audit.

    Args:
        outcome: how the audit went.
        command: the command to run, if any.
        webhook: the address to post to, if any.
        folder: where the command is run.
        timeout: how many seconds each may take.
        lang: language of the sentence in the summary.
        seconds: the stop-watch.
    """
    summary = outcome.as_json(lang)
    channels: list[tuple[Channel, Callable[[], None]]] = []
    if command:
        channels.append(("command", lambda: run_command(command, summary, outcome.environment(lang), folder, timeout)))
    if webhook:
        channels.append(("webhook", lambda: post(webhook, summary, timeout)))
    return tuple(_told(channel, send, seconds) for channel, send in channels)


def _told(channel: Channel, send: Callable[[], None], seconds: Callable[[], float]) -> Told:
    start = seconds()
    failure: AuditError | None = None
    try:
        send()
    except AuditError as error:
        failure = error
    except Exception as error:
        # The audit is done and published: no mistake of this program may turn that into a failure.
        failure = AuditError("notification.defect", kind=type(error).__name__)
    return Told(channel, round(seconds() - start, 3), failure)
