"""An output folder: written as a whole, and what an earlier run left there is taken away."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cartrial import files
from cartrial.errors import OutputError


@contextmanager
def replacing(folder: Path, *, owned: Collection[Path] = ()) -> Iterator[Path]:
    """A temporary folder whose files move into `folder`, all of them or none.

    `owned` are the files that the command may make: one that an earlier run wrote and this one did
    not would be read as this run's, so it is removed. Any other file stays.
    """
    with files.writing_folder(folder) as fresh:
        yield fresh
        written = {path.relative_to(fresh) for path in fresh.rglob("*")}
    for path in owned:
        if path not in written:
            (folder / path).unlink(missing_ok=True)


def datasets_in(below: str, names: Iterable[str], ending: str) -> list[Path]:
    """The files of datasets in a folder below, each with its supplemental qualifiers."""
    small = [name.lower() for name in names]
    both = (*small, *(f"supp{name}" for name in small))
    return [Path(below) / f"{name}.{ending}" for name in both]


def check_apart(out: Path, read: Path | None) -> None:
    """An output folder is not the folder that the data are read from."""
    if read is not None and out.resolve() == read.resolve():
        raise OutputError(
            f"{out}: must be another folder than that of the data that are read, got the same"
        )
