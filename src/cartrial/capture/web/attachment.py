"""An answer that the browser keeps as a file."""

from django.http import HttpResponse


def attachment(content: str | bytes, name: str, kind: str) -> HttpResponse:
    """The content as a file of a name and of a media type."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)
