import json
from typing import Any

import polars as pl
import pytest

from cartrial import files
from cartrial.report.rebuild import rebuild
from cartrial.report.table import lay_out
from cartrial.results.ars.ard import analysis_results
from cartrial.results.ars.event import reporting_event
from cartrial.results.result import Results


@pytest.fixture(scope="module")
def event(sample: Results) -> dict[str, Any]:
    return json.loads(json.dumps(reporting_event(sample)))


@pytest.fixture(scope="module")
def ard(sample: Results, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    place = tmp_path_factory.mktemp("ard") / "ard.parquet"
    files.write_parquet(place, analysis_results(sample))
    return files.read_parquet(place)


def test_every_table_and_listing_is_rebuilt_as_the_report_shows_it(
    sample: Results, event: dict[str, Any], ard: pl.DataFrame
):
    built = {table.id: table for table in rebuild(ard, event)}
    assert built == {output.id: lay_out(output, sample.values) for output in sample.outputs}
    assert any(table.reasons for table in built.values())
    assert any(table.empty for table in built.values())


def test_a_number_that_is_changed_in_the_dataset_is_changed_in_its_table(
    event: dict[str, Any], ard: pl.DataFrame
):
    is_one = (pl.col("stat_name") == "n") & (pl.col("method") != "MTH.size")
    first = ard.filter(is_one)["output"][0]
    changed = ard.with_columns(stat=pl.when(is_one).then(77.0).otherwise("stat"))
    before = {table.id: table for table in rebuild(ard, event)}
    after = {table.id: table for table in rebuild(changed, event)}
    assert before[first.removeprefix("OUT.")] != after[first.removeprefix("OUT.")]
    assert any(
        cell.text.startswith("77") for t in after.values() for row in t.rows for cell in row.cells
    )
