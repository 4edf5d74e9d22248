"""The SQL that holds tonight's findings against those known before: new, unchanged, updated, recurred."""

from __future__ import annotations

from audit.contract.normalise import quote
from audit.history.known import FIXED, UNIT_GONE

#: Values of ``presence`` in findings.parquet.
PRESENCES = ("new", "unchanged", "updated", "recurred")


def judged_sql(evidence: str, as_of: str) -> str:
    """SQL for what an evidence says about its subject: that it is a day later is no news about anybody.

    Args:
        evidence: SQL for the evidence.
        as_of: SQL for the day of its audit, from which some rules count, and which stands for a date that is blank.
    """
    day = f"'\"' || {as_of} || '\"'"
    return f"replace({evidence}, {day}, '\"as_of\"')"


def digest_sql(evidence: str, as_of: str) -> str:
    """SQL for the digest of a finding's evidence: whether the judged facts changed, without keeping them."""
    return f"substr(sha256({judged_sql(evidence, as_of)}), 1, 16)"


def with_known_sql(flagged: str, rule_id: str, subject_type: str) -> str:
    """SQL for the flagged rows of a rule with what was known about each before.

    Args:
        flagged: SQL for the rows, with ``subject_id``.
        rule_id: the rule.
        subject_type: its subject.
    """
    known = (
        "SELECT subject_id, first_seen AS known_since, state AS known_state, evidence_digest AS known_digest "
        f"FROM known WHERE rule_id = {quote(rule_id)} AND subject_type = {quote(subject_type)}"
    )
    return f"FROM ({flagged}) AS f LEFT JOIN ({known}) AS k USING (subject_id)"


#: What ``with_known_sql`` adds.
ADDED = ("known_since", "known_state", "known_digest")


#: SQL for the two columns of a finding that its history decides.
PRESENCE = (
    f"CASE WHEN known_state IS NULL THEN 'new' WHEN known_state IN ('{FIXED}', '{UNIT_GONE}') THEN 'recurred' "
    f"WHEN known_digest = {digest_sql('evidence', 'as_of')} THEN 'unchanged' ELSE 'updated' END"
)
FIRST_SEEN = "coalesce(known_since, as_of)"
