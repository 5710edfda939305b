"""What the frame of every page needs."""

from typing import Any

from django.http import HttpRequest

from cartrial.capture.deployment import deployment
from cartrial.capture.ledger.read import head
from cartrial.capture.people.permission import PERMISSIONS, ROLES, account_of, may


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """The study, who is logged in and what they may, the nonce, the head of the chain."""
    here = deployment()
    account = account_of(request) if hasattr(request, "user") else None
    return {
        "study": here.study,
        "demo": here.demo,
        "account": account,
        "role": ROLES[account.role] if account else "",
        "may": {name: may(account, name) for name in PERMISSIONS},
        "nonce": getattr(request, "nonce", ""),
        "head": head() if account else None,
    }
