"""YAML files are plain data: what could stand for more, or for something else, is refused with its line."""

from __future__ import annotations

import pytest

from audit.model.document import DocumentError, parse_document


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a: 1\na: 2\n", 'rules.yaml, line 2: "a" stands twice. Keep one of them.'),
        ("a: &x [1]\nb: *x\n", "rules.yaml, line 1: YAML anchors (&name, *name) are not taken. Write the content out."),
        (
            "a: !!python/object:os.system 1\n",
            'rules.yaml, line 1: "1" can\'t be read as data. Put quotes around a text.',
        ),
    ],
)
def test_refused(written: str, told: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(written, "rules.yaml")
    assert caught.value.message("en") == told


def test_a_billion_laughs_end_at_the_first() -> None:
    lines = ["a0: &a0 ha"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(DocumentError):
        parse_document("\n".join(lines), "rules.yaml")
