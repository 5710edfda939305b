"""Routes of data cuts and certified copies."""

from django.urls import path

from cartrial.capture.outputs import views

routes = [
    path("outputs", views.index, name="outputs"),
    path("outputs/<int:number>", views.cut, name="cut"),
    path("outputs/<int:number>/progress", views.progress, name="cut-progress"),
    path("outputs/<int:number>/again", views.again, name="cut-again"),
    path("outputs/<int:number>/<slug:product>", views.take, name="cut-product"),
    path("copies/<str:subject>", views.copy, name="certified-copy"),
]
