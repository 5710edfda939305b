"""Accounts, their sessions, and attempts to log in."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from cartrial.capture.ledger.write import Actor


class Accounts(BaseUserManager["Account"]):
    """The accounts of the trial."""


class Account(AbstractBaseUser):
    """One person. It is deactivated, never deleted, and its name is never given to another."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=20)
    organisation = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    expires = models.DateField(null=True)
    identity_verified = models.CharField(max_length=200, blank=True)  # by whom, on which day
    must_change_password = models.BooleanField(default=True)
    totp_secret = models.CharField(max_length=64, blank=True)
    totp_last = models.BigIntegerField(default=0)  # the last time step used: a code works once
    passkeys = models.JSONField(default=list)  # WebAuthn credentials
    recovery = models.JSONField(default=list)  # hashes of recovery codes that are left

    objects: ClassVar[Accounts] = Accounts()
    USERNAME_FIELD = "username"

    class Meta:
        """The table."""

        db_table = "account"

    @property
    def actor(self) -> Actor:
        """The person as entries name them."""
        return Actor(self.username, self.name, self.role, self.organisation)

    def check_password(self, raw_password: str | None) -> bool:
        """Whether this is the password. Its hash is never renewed here: that would be no entry."""
        return check_password(raw_password, self.password)


class Seat(models.Model):
    """A session: where a person is logged in, since when, and when last seen."""

    session = models.CharField(max_length=40, unique=True)
    account = models.ForeignKey(Account, models.PROTECT)
    started = models.DateTimeField()
    seen = models.DateTimeField()
    address = models.CharField(max_length=45)
    agent = models.CharField(max_length=200)

    class Meta:
        """The table."""

        db_table = "seat"


class Attempt(models.Model):
    """A login or a signature that failed: by which name and address, and when."""

    username = models.CharField(max_length=60)
    address = models.CharField(max_length=45)
    at = models.DateTimeField()

    class Meta:
        """The table."""

        db_table = "attempt"
        indexes: ClassVar = [models.Index(fields=["username", "at"], name="attempt_name")]
