"""The application's role on PostgreSQL: what it cannot do, whatever it tries."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, connection, transaction

from cartrial.capture.ledger.grants import grants

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def app_role() -> Iterator[None]:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no roles; runs on PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE app")
        for statement in grants("app"):
            cursor.execute(statement)
        cursor.execute("SET ROLE app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("DROP OWNED BY app")
        cursor.execute("DROP ROLE app")


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE entry SET actor = 'mallory'",
        "DELETE FROM entry",
        "DELETE FROM content",
        "UPDATE content SET text = NULL",
        "DELETE FROM record",
        "TRUNCATE entry CASCADE",
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_update ON entry",
        "DROP TABLE content",
        "CREATE OR REPLACE FUNCTION guard_entry_update() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
    ],
)
def test_it_cannot(enter: Callable[..., int], app_role: None, attack: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
    enter("demographics", subject="001", age="60")
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE app")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_it_can_enter(enter: Callable[..., int], app_role: None) -> None:
    first = enter("demographics", subject="001", age="60")
    assert enter("demographics", subject="001", age="61", base=first, reason="typing error")
