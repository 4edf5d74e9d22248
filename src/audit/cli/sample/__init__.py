"""``audit sample``: from the plan of a sample to what it says about the audit."""
