"""Routes of accounts, sessions and access."""

from django.urls import path

from cartrial.capture.accounts import administration, link, login, own, reviewed

routes = [
    path("", login.home, name="home"),
    path("login", login.enter, name="login"),
    path("login/second", login.second, name="second"),
    path("login/passkey/ask", login.passkey_ask),
    path("login/passkey/answer", login.passkey_answer),
    path("logout", login.leave, name="logout"),
    path("link/<str:token>", link.link),
    path("password", own.password),
    path("alive", own.alive),
    path("me", own.me),
    path("me/app", own.app),
    path("me/recovery", own.recovery),
    path("me/passkey", own.passkey_page),
    path("me/passkey/ask", own.passkey_ask),
    path("me/passkey/answer", own.passkey_answer),
    path("me/remove", own.remove_factor),
    path("me/sessions/<int:pk>/end", own.end_session),
    path("accounts", administration.listed),
    path("accounts/new", administration.new),
    path("accounts/<int:pk>", administration.one),
    path("accounts/<int:pk>/link", administration.reset),
    path("accounts/<int:pk>/act/<str:act>", administration.act),
    path("access", reviewed.shown),
    path("access.csv", reviewed.listed),
]
