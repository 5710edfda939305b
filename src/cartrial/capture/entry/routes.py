"""Routes of entry: subjects, their forms, records, the flowsheet."""

from django.urls import path

from cartrial.capture.entry.pages import flowsheet, history, record, subjects

routes = [
    path("subjects", subjects.listed, name="subjects"),
    path("subjects/<str:subject>/forms", subjects.forms_of, name="subject-forms"),
    path("subjects/<str:subject>/forms/<str:form>", subjects.records_of, name="form-records"),
    path("subjects/<str:subject>/day/<str:date>", flowsheet.day, name="flowsheet"),
    path("forms/<str:form>/new", record.new, name="new-record"),
    path("records/<int:number>", record.record, name="record"),
    path("records/<int:number>/withdraw", record.withdraw, name="withdraw-record"),
    path("records/<int:number>/restore", record.restore, name="restore-record"),
    path("records/<int:number>/history", history.of_record, name="record-history"),
    path("records/<int:number>/history/<str:column>", history.of_field, name="field-history"),
]
