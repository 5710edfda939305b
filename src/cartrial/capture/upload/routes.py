"""Routes of uploads."""

from django.urls import path

from cartrial.capture.upload import pages

routes = [
    path("uploads", pages.uploads, name="uploads"),
    path("uploads/<str:token>", pages.upload, name="upload"),
    path("uploads/<str:token>/files/<int:number>", pages.content, name="upload-file"),
]
