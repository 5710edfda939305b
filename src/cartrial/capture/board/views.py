"""`/board`: where the trial stands. It refreshes by itself; nothing is made twice for one head."""

from dataclasses import replace
from importlib.metadata import version

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render

from cartrial.capture.board.board import Board
from cartrial.capture.board.make import Around, board_of, local_time
from cartrial.capture.dose.kept import Kept
from cartrial.capture.dose.known import known_now, study_now
from cartrial.capture.dose.proposal import read_proposals
from cartrial.capture.dose.slots import opening_of
from cartrial.capture.ledger.centre import at_centre, here, local_now
from cartrial.capture.ledger.models import Entry
from cartrial.capture.ledger.read import Head, head
from cartrial.capture.people.access import last_review, review_due
from cartrial.capture.people.permission import page
from cartrial.capture.trail.verify_trail import FIRST, sha256
from cartrial.capture.work.listing import known_items

Key = tuple[Head, str, str]  # the head, the hour, the study file
KEPT: Kept[Key, tuple[str, Board]] = Kept()


@page("read")
def board(request: HttpRequest) -> HttpResponse:
    """The board; a page that asks again gets 304 until there is something new to show."""
    asks_again = request.headers.get("HX-Request") == "true"
    key = (head(), f"{local_now():%Y-%m-%dT%H}", study_now()[1])
    tag, shown = KEPT.get_or_former(
        key, lambda: (_tag(key), _made(key[0])), _is_of_this_chain, watches=asks_again
    )
    if tag != _tag(key):
        tag, shown = f'{tag[:-1]}-former"', replace(shown, is_former=True)
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    name = "capture/board/part.html" if asks_again else "capture/board/board.html"
    answer = render(request, name, {"board": shown, "tag": tag})
    answer["ETag"] = tag
    return answer


def _made(at: Head) -> Board:
    known = known_now()
    around = Around(
        head=at,
        at=local_time(here()),
        opening=opening_of(known),
        proposals=read_proposals(),
        items=known_items(local_now()),
        access=_access(),
    )
    return board_of(known, around)


def _access() -> str:
    last, due = last_review(), review_due()
    said = (
        f"Last reviewed on {at_centre(last.at).date()} by {last.by}" if last else "Not reviewed yet"
    )
    return f"{said}; due by {due}" if due else said


def _tag(key: Key) -> str:
    at, hour, study = key
    said = "|".join((f"{at.seq}", at.hash, hour, study, version("cartrial")))
    return f'"{sha256(said)[:32]}"'


def _is_of_this_chain(key: Key) -> bool:
    """Whether a board made before is of the chain that is here now, and of this study."""
    at, _, study = key
    if study != study_now()[1]:
        return False
    there = Entry.objects.filter(seq=at.seq, hash=at.hash).exists()
    return there if at.seq else at.hash == FIRST and not Entry.objects.exists()
