"""What the database holds of the trial: entries, their content, and the newest state of records."""

from typing import ClassVar

from django.db import models

from cartrial.capture.trail.verify_trail import FIELDS


class Entry(models.Model):
    """One act of one person, or of the software: never changed, never removed.

    `at` is UTC to the microsecond as text, so that both databases hash the same; `key` is the
    record's key as a JSON list of texts; the person stands as they were at that time.
    """

    seq = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=27)
    actor = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20)
    organisation = models.CharField(max_length=120)
    action = models.CharField(max_length=20)
    subject = models.CharField(max_length=20)
    form = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    reason = models.TextField()
    software = models.CharField(max_length=40)
    content_sha256 = models.CharField(max_length=64)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "entry"
        ordering: ClassVar = ["seq"]
        indexes: ClassVar = [
            models.Index(fields=["subject", "form", "key", "seq"], name="entry_record"),
            models.Index(fields=["action", "seq"], name="entry_action"),
        ]

    def fields(self) -> dict[str, str]:
        """The fields that the hash covers, as texts."""
        return {field: str(getattr(self, field)) for field in FIELDS}


class Content(models.Model):
    """What an entry says, as canonical JSON; null once it was redacted."""

    entry = models.OneToOneField(
        Entry, models.PROTECT, primary_key=True, db_column="seq", related_name="content"
    )
    text = models.TextField(null=True)

    class Meta:
        db_table = "content"


class Record(models.Model):
    """The newest state of one row of one form: a projection of its entries, rebuilt to compare."""

    subject = models.CharField(max_length=20)
    form = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    seq = models.BigIntegerField()  # of the newest entry of the record
    voided = models.BooleanField(default=False)
    cells = models.TextField()  # canonical JSON, column to text; what is empty is absent

    class Meta:
        db_table = "record"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["subject", "form", "key"], name="record_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["form", "subject"], name="record_form"),
            models.Index(fields=["seq"], name="record_seq"),
        ]
