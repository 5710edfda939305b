from pathlib import Path

import pytest

from cartrial.capture.serve import stand
from cartrial.errors import StudyError


def test_without_the_extra_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(stand, "find_spec", lambda name: None if name == "django" else name)
    with pytest.raises(StudyError) as refused:
        stand.stand(tmp_path)
    assert str(refused.value) == (
        "cartrial web: must have the extra `web`, got no django. "
        "Install it: pip install 'cartrial[web]', or `make web` in the repository"
    )
