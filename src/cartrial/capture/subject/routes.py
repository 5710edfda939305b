"""Routes of the subject page."""

from django.urls import path

from cartrial.capture.subject.views import subject_page

routes = [
    path("subjects/<str:subject>", subject_page, name="subject"),
]
