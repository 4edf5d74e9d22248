"""Draws households to verify in the field, and keeps what is needed for anybody to replay the draw.

``chance`` holds the distributions, ``plan`` says how many households a claim needs, ``frame`` freezes who could be
drawn, ``allocation`` shares the visits among strata, ``draw`` draws them, ``store`` keeps what happened since.
"""
