"""SAS transport files (XPT, version 5 or 8): reading one dataset.

Source: SAS Institute, TS-140: The Record Layout of a Dataset in SAS Transport (XPORT) Format.
Reading: a file that is not UTF-8 is read as cp1252, as SAS on Windows writes it.
"""

from pathlib import Path

import polars as pl

from cartrial.errors import DataError

ENCODINGS = (None, "WINDOWS-1252")


def read_xpt(path: Path) -> tuple[pl.DataFrame, str | None]:
    """The dataset in a transport file, numbers as numbers, and a remark on how it was read."""
    import pyreadstat  # loads slowly

    for encoding in ENCODINGS:
        try:
            frame, _ = pyreadstat.read_xport(
                path, output_format="polars", encoding=encoding, disable_datetime_conversion=True
            )
        except UnicodeDecodeError:
            continue
        except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, OSError):
            break
        remark = f"the text was not UTF-8, read as {encoding}" if encoding else None
        return pl.DataFrame(frame), remark
    raise DataError(f"{path.name}: must be a SAS transport file, got something else")
