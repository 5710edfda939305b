import pytest

from cartrial.report.document import Document, compose
from cartrial.results.result import Results
from tests.unit.report.sample import make_results


@pytest.fixture(scope="session")
def sample() -> Results:
    return make_results()


@pytest.fixture(scope="session")
def document(sample: Results) -> Document:
    return compose(sample)
