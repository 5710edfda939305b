"""What the application's own role may do on PostgreSQL, where another role owns the tables.

The owner migrates; the application adds entries and reads them. It cannot change or empty a
table, switch a trigger off, or drop anything, even with its password in the wrong hands.
"""

from django.apps import apps

ADD_ONLY = {"entry": "SELECT, INSERT"}
GUARDED = dict.fromkeys(("content", "record", "account"), "SELECT, INSERT, UPDATE")  # by triggers
ALL = "SELECT, INSERT, UPDATE, DELETE"


def grants(role: str) -> list[str]:
    """The statements by which the owner gives the application's role what it needs."""
    quoted = '"' + role.replace('"', '""') + '"'
    tables = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True))
    rights = {table: ALL for table in tables} | ADD_ONLY | GUARDED
    return [
        f"GRANT USAGE ON SCHEMA public TO {quoted}",
        *(f"REVOKE ALL ON {table} FROM {quoted}" for table in rights),
        *(f"GRANT {given} ON {table} TO {quoted}" for table, given in rights.items()),
        f"GRANT SELECT ON django_migrations TO {quoted}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {quoted}",
    ]
