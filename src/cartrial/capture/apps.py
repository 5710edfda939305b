"""The capture room as a Django application."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.models.signals import post_migrate


class CaptureConfig(AppConfig):
    """Installs the triggers after each migration, and refuses to serve without them."""

    name = "cartrial.capture"
    label = "capture"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Connect what must happen after a migration and before serving."""
        from cartrial.capture.ledger import triggers

        post_migrate.connect(triggers.install, sender=self)
        register(triggers.check, Tags.database, deploy=False)
