import subprocess
import sys

from cartrial.cdisc.define.write import write_define
from tests.unit.cdisc.define.whole import WHOLE

MODULES = "cartrial.sdtm.define.define, cartrial.adam.file.define"
LOADED = f"import sys, {MODULES}; print('odmlib' in sys.modules)"


def test_both_files_are_the_same_every_time(tmp_path):
    for name in ("one", "two"):
        write_define(WHOLE, tmp_path / name)
    for name in ("define.xml", "define.html"):
        first, second = (tmp_path / folder / name for folder in ("one", "two"))
        assert first.read_bytes() == second.read_bytes()


def test_odmlib_is_loaded_only_where_a_file_is_written():
    said = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert said.stdout == "False\n"
