"""Routes of the bedside, of grades while typing, and of events."""

from django.urls import path

from cartrial.capture.bedside import event, pages, while_typing

routes = [
    path("bedside/<str:subject>/crs", pages.crs, name="bedside-crs"),
    path("bedside/<str:subject>/crs/grade", pages.crs_grade, name="bedside-crs-grade"),
    path("bedside/<str:subject>/icans", pages.icans, name="bedside-icans"),
    path("bedside/<str:subject>/icans/grade", pages.icans_grade, name="bedside-icans-grade"),
    path("bedside/<str:subject>/laboratory", while_typing.laboratory, name="typed-laboratory"),
    path("bedside/<str:subject>/term", while_typing.term, name="typed-term"),
    path("events/<int:number>", event.event, name="event"),
    path("events/<int:number>/report", event.report, name="event-report"),
]
