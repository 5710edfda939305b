"""The door of a page: who may, who may not, and that it is entered who tried (row A9)."""

import pytest
from django.http import HttpRequest, HttpResponse

from cartrial.capture.ledger.models import Entry
from cartrial.capture.people.models import Account
from cartrial.capture.people.permission import PERMISSIONS, may, page
from tests.unit.capture.conftest import client_of, said

People = dict[str, Account]


def test_who_may_not_is_told_so_and_entered(people: People) -> None:
    client = client_of(people["coordinator"])
    answer = client.post("/accounts/new?name=x", {"name": "somebody"})
    assert answer.status_code == 403
    assert "which a coordinator does not have" in answer.content.decode()
    assert said("denied") == [{"method": "POST", "path": "/accounts/new", "to": "accounts"}]
    assert Entry.objects.get(action="denied").actor == "coordinator"


def test_nobody_may_what_needs_an_account() -> None:
    assert may(None, "public")
    assert not any(may(None, permission) for permission in ("own", *PERMISSIONS))


def test_a_door_needs_a_permission_that_there_is() -> None:
    with pytest.raises(TypeError, match="must be one of"):
        page("raed")
    with pytest.raises(TypeError, match="must be one of"):
        page("read", post="everything")


@page("public", only_post=True)
def posted(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_not_taken(method: str) -> None:
    request = HttpRequest()
    request.method = method
    assert posted(request).status_code == 405
