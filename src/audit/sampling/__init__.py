"""Draws households to verify in the field, keeps what was found there, and says how good the audit is.

``chance`` holds the distributions, ``plan`` says how many households a claim needs, ``frame`` freezes who could be
drawn, ``allocation`` shares the visits among strata, ``draw`` draws them, ``store`` keeps what happened since.
``field`` asks the inspectors and keeps what they found; ``estimate`` says how good the audit is, with a confidence.
"""
