"""A fault of the user's is one line and a status; anything else is a fault of cartrial."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from cartrial.capture.ledger.fault import Refused
from cartrial.errors import TrialError


class Faults:
    """Shows a `TrialError` that no view has shown."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer."""
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page of a fault of the user's; null leaves any other to Django."""
        if not isinstance(fault, TrialError):
            return None
        status = fault.status if isinstance(fault, Refused) else 422
        return render(request, "capture/fault.html", {"fault": str(fault)}, status=status)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what the browser sent is no request of ours, or is too large."""
    return _bare(
        "This could not be read", "It is too large, or not as a page of ours sends it.", 400
    )


def absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what does not exist and for what is not to be known."""
    return render(request, "capture/absent.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a fault of cartrial; the page needs neither session nor database."""
    return _bare(
        "This did not work",
        "It is a fault of the program, not yours. Nothing was written. The server's log tells "
        "where it arose.",
        500,
    )


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a POST without the token of a page of ours."""
    return _bare(
        "This page was open too long",
        "Nothing was written. Open the page again: what you typed is kept by your browser.",
        403,
    )


def _bare(title: str, said: str, status: int) -> HttpResponse:
    text = get_template("capture/bare.html").render({"title": title, "said": said})
    return HttpResponse(text, status=status)
