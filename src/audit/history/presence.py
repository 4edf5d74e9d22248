"""The SQL that holds tonight's findings against those known before: new, unchanged, updated, recurred."""

from __future__ import annotations

from audit.contract.normalise import quote
from audit.history.known import FIXED, UNIT_GONE

#: Values of ``presence`` in findings.parquet.
PRESENCES = ("new", "unchanged", "updated", "recurred")


#: The day of the audit in an evidence, where a rule counts from it: it is another every night.
_DAY = r'(, )?"as_of": "\d{4}-\d\d-\d\d"'


def judged_sql(evidence: str) -> str:
    """SQL for what an evidence says about its subject: all of it but the day of the audit, which is no news."""
    # Most evidence has no such day, and looking for a word costs less than looking for a pattern.
    without = f"regexp_replace({evidence}, {quote(_DAY)}, '')"
    return f"CASE WHEN contains({evidence}, '\"as_of\": ') THEN {without} ELSE {evidence} END"


def digest_sql(evidence: str) -> str:
    """SQL for the digest of a finding's evidence: whether the judged facts changed, without keeping them."""
    return f"substr(sha256({judged_sql(evidence)}), 1, 16)"


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
    f"WHEN known_digest = {digest_sql('evidence')} THEN 'unchanged' ELSE 'updated' END"
)
FIRST_SEEN = "coalesce(known_since, as_of)"
