"""Every route, by area. To add an area: its `routes` and one line here."""

from cartrial.capture.accounts.routes import routes as accounts
from cartrial.capture.bedside.routes import routes as bedside
from cartrial.capture.board.routes import routes as board
from cartrial.capture.dose.routes import routes as dose
from cartrial.capture.entry.routes import routes as entry
from cartrial.capture.outputs.routes import routes as outputs
from cartrial.capture.subject.routes import routes as subject
from cartrial.capture.upload.routes import routes as upload
from cartrial.capture.work.routes import routes as work
from cartrial.capture.worksheet.routes import routes as worksheet

urlpatterns = [
    *entry,
    *accounts,
    *outputs,
    *work,
    *dose,
    *board,
    *bedside,
    *upload,
    *subject,
    *worksheet,
]

handler400 = "cartrial.capture.web.faults.not_understood"
handler404 = "cartrial.capture.web.faults.absent"
handler500 = "cartrial.capture.web.faults.broken"
