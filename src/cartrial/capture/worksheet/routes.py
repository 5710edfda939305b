"""Routes of worksheets."""

from django.urls import path

from cartrial.capture.worksheet import views

routes = [
    path("worksheets", views.of_trial, name="worksheets"),
    path("subjects/<str:subject>/worksheets", views.of_subject, name="subject-worksheets"),
]
