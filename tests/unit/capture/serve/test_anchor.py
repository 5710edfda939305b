from pathlib import Path

import pytest

from cartrial.capture.ledger.read import Head
from cartrial.capture.serve.anchor import FILE, keep, kept
from cartrial.errors import DataError


def test_every_head_that_was_seen_binds(tmp_path: Path) -> None:
    keep(tmp_path, "started", Head(0, "0" * 64))
    keep(tmp_path, "started", Head(3, "c" * 64))
    keep(tmp_path, "backup", Head(5, "e" * 64))
    assert kept(tmp_path) == {3: "c" * 64, 5: "e" * 64}


def test_after_a_restore_later_heads_bind_no_more(tmp_path: Path) -> None:
    for seq, letter in ((3, "c"), (5, "e"), (9, "f")):
        keep(tmp_path, "started", Head(seq, letter * 64))
    keep(tmp_path, "restored", Head(5, "e" * 64))
    keep(tmp_path, "started", Head(6, "a" * 64))
    assert kept(tmp_path) == {3: "c" * 64, 5: "e" * 64, 6: "a" * 64}


def test_none_were_seen_where_there_is_no_file(tmp_path: Path) -> None:
    assert kept(tmp_path) == {}


def test_a_line_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("something else\n")
    with pytest.raises(DataError, match="line 1: must be `time what seq:hash`"):
        kept(tmp_path)
