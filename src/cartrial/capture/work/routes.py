"""Routes of the work on the data."""

from django.urls import path

from cartrial.capture.work import holds, listing, queries, reviewing, signing, source, trail

routes = [
    path("work", listing.work),
    path("queries", queries.queries),
    path("queries/new", queries.new_query),
    path("queries/<int:number>", queries.query),
    path("queries/<int:number>/answer", queries.answer),
    path("queries/<int:number>/close", queries.close),
    path("queries/<int:number>/reopen", queries.reopen),
    path("sdv/<str:record>", source.verify),
    path("sdv/<str:record>/withdraw", source.withdraw_mark),
    path("holds", holds.holds),
    path("holds/freeze", holds.freeze),
    path("holds/thaw", holds.thaw),
    path("holds/lock", holds.lock),
    path("holds/unlock", holds.unlock),
    path("sign", signing.to_sign),
    path("sign/record", signing.sign_record),
    path("sign/subject", signing.sign_subject),
    path("sign/casebook", signing.sign_casebook),
    path("sign/dlt", signing.sign_dlt),
    path("signatures", signing.signatures),
    path("signatures.csv", signing.signatures_csv),
    path("signatures/<int:number>", signing.signature),
    path("trail", trail.trail),
    path("trail/export", trail.export),
    path("trail/review", reviewing.review),
    path("trail/verify_trail.py", trail.verifier),
    path("trail/<int:seq>", trail.entry),
    path("trail/<int:seq>/redact", trail.redact),
]
