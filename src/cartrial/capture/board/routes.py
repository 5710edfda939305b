"""Routes of the board."""

from django.urls import path

from cartrial.capture.board import views

routes = [path("board", views.board)]
