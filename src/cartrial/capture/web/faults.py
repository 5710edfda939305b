"""A fault of the user's is one line and a status; anything else is a fault of cartrial."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cartrial.capture.ledger.fault import Refused
from cartrial.errors import TrialError


class Faults:
    """Shows a `TrialError` that no view has shown."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """The page of a fault of the user's; null leaves any other to Django."""
        if not isinstance(fault, TrialError):
            return None
        status = fault.status if isinstance(fault, Refused) else 422
        return render(request, "capture/fault.html", {"fault": str(fault)}, status=status)
