import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def made() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_reference", DOCS / "make_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", sorted(made()))
def test_the_generated_page_is_current(name: str) -> None:
    committed = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert made()[name] == committed, "stale: run `python docs/make_reference.py`"
