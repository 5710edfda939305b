"""Routes of the dose."""

from django.urls import path

from cartrial.capture.dose import adjudicating, pages, slots

routes = [
    path("slots", slots.slots_page),
    path("dose", pages.dose),
    path("dose/propose", pages.propose_page),
    path("dose/dlt", adjudicating.every),
    path("dose/dlt/<str:subject>", adjudicating.one),
    path("dose/<int:number>", pages.decision),
    path("dose/<int:number>/approve", pages.approve_page),
    path("dose/<int:number>/reject", pages.reject_page),
    path("dose/<int:number>/record.json", pages.record_file),
    path("dose/<int:number>/decision.json", pages.decision_file),
]
