"""Every route, by area. To add an area: its `routes` and one line here."""

from cartrial.capture.people.routes import routes as people

urlpatterns = [
    *people,
]
