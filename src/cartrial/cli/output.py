"""An output folder: written as a whole, and what an earlier run left there is taken away."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cartrial import files


@contextmanager
def replacing(folder: Path, *, owned: Mapping[str, Collection[str]]) -> Iterator[Path]:
    """A temporary folder whose files move into `folder`, all of them or none.

    `owned` names, by subfolder, the datasets that the command makes: a file of such a name that an
    earlier run wrote and this one did not would be read as this run's, so it is removed.
    """
    with files.writing_folder(folder) as fresh:
        yield fresh
        written = {path.relative_to(fresh) for path in fresh.rglob("*")}
    for below, names in owned.items():
        for path in sorted((folder / below).rglob("*.*")):
            name = path.name.partition(".")[0].removeprefix("supp")
            if name in names and path.is_file() and path.relative_to(folder) not in written:
                path.unlink()
