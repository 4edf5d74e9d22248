"""Field verification: sheets go out to inspectors, come back filled in, and are kept as append-only records.

``issue`` decides which items each household is asked about; ``sheets`` writes them as workbooks and pages; ``returned``
reads what came back; ``merge`` compares it with what is recorded; ``record`` keeps it; ``outcomes`` gives it to those
who estimate.
"""
