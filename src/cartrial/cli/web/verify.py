"""`cartrial web verify`: is the ledger whole?"""

from typing import Annotated

import typer

from cartrial.capture.serve.stand import stand
from cartrial.cli.web.place import Home, Study


def verify(
    study: Study,
    home: Home = None,
    head: Annotated[
        list[str] | None,
        typer.Option(
            "--head",
            metavar="SEQ:HASH",
            help="A head printed earlier, whole or its first 16 characters; may be repeated.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Verify the chain, the records, the signatures and the triggers.

    Every hash is computed again, every record made again from its entries and compared, and the
    heads that were seen before (`heads.txt`, signatures, data cuts, `--head`) are looked for. Exit
    code 1 where anything is found.
    """
    stand(study, home=home, there=True)
    from cartrial.capture.serve import prepare, verifying

    prepare.must_be_ready()
    done = verifying.verify_all(head or [])
    for finding in done.findings:
        typer.echo(finding)
    whole = "NOT WHOLE" if done.findings else "whole"
    last = f"{done.head.seq}:{done.head.hash}"
    typer.echo(f"{done.head.seq} entries, {done.records} records, head {last}: {whole}")
    if done.findings:
        raise typer.Exit(1)
