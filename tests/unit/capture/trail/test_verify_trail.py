"""The verifier as an auditor runs it: on a file, with heads as they were printed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cartrial.capture.trail.export import write_csv
from cartrial.capture.trail.verify_trail import FIELDS, FIRST, entry_hash, main, sha256

Entry = dict[str, str]


def chain(length: int, name: str = "A monitor") -> list[Entry]:
    """A whole chain in which somebody of that name did everything."""
    made: list[Entry] = []
    for seq in range(1, length + 1):
        said = f'{{"text":"{seq}"}}'
        entry = dict.fromkeys(FIELDS, "") | {"seq": str(seq), "name": name, "action": "sdv"}
        entry["content_sha256"] = sha256(said)
        entry["previous"] = made[-1]["hash"] if made else FIRST
        made.append({**entry, "hash": entry_hash(entry), "content": said})
    return made


@pytest.fixture
def verified(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Verify a trail of entries against heads: the exit code, and what is said."""

    def run(entries: list[Entry], *heads: str) -> tuple[int, str]:
        file = tmp_path / "trail.csv"
        write_csv(entries, file)
        words = [word for head in heads for word in ("--head", head)]
        code = main([str(file), *words])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


Verified = Callable[..., tuple[int, str]]


def test_a_head_is_found_whole_and_as_a_footer_prints_it(verified: Verified) -> None:
    trail = chain(3)
    for printed in (trail[1]["hash"], trail[1]["hash"][:16], trail[1]["hash"].upper()):
        assert verified(trail, f"2:{printed}")[0] == 0


@pytest.mark.parametrize("length", [16, 64])
def test_a_head_tells_of_a_chain_made_anew_and_of_a_tail_cut_off(
    verified: Verified, length: int
) -> None:
    printed = f"3:{chain(3)[2]['hash'][:length]}"
    code, said = verified(chain(3, name="Mallory"), printed)
    assert code == 1
    assert said.startswith("entry 3: must have the hash that was printed, got another: made anew")
    code, said = verified(chain(2), printed)
    assert code == 1
    assert said.startswith("entry 3: must be there, as its hash was printed, got a trail of 2")


@pytest.mark.parametrize("head", ["3", "x:" + "a" * 64, "3:abcdef"])
def test_what_is_no_head_is_answered_by_the_usage(verified: Verified, head: str) -> None:
    code, said = verified(chain(3), head)
    assert code == 2
    assert "python verify_trail.py TRAIL.csv" in said


def test_a_trail_without_an_entry_is_none(verified: Verified) -> None:
    code, said = verified([])
    assert code == 2
    assert said.endswith("must be an exported trail, got no entry\n")


def test_a_trail_that_a_spreadsheet_saved_is_read_where_it_can_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "trail.csv"
    write_csv(chain(3), file)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert main([str(file)]) == 0
    file.write_bytes(file.read_bytes().replace(b",", b";"))
    assert main([str(file)]) == 2
    assert "must be a trail as it was exported, got no column 'seq'" in capsys.readouterr().err


def test_it_tells_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    assert "python verify_trail.py TRAIL.csv" in capsys.readouterr().out
