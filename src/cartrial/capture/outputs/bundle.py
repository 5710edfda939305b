"""A folder as one ZIP file; the same files give the same bytes."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date that ZIP knows
MODE = 0o644 << 16


def zipped(folder: Path) -> bytes:
    """The files of a folder as a ZIP file."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            named = ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            named.compress_type, named.external_attr = ZIP_DEFLATED, MODE
            archive.writestr(named, path.read_bytes())
    return content.getvalue()
