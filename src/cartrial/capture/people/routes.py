"""Routes of accounts and sessions."""

from django.urls import path

from cartrial.capture.people import login

routes = [
    path("login", login.enter, name="login"),
    path("logout", login.leave, name="logout"),
]
