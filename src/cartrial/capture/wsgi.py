"""The door for a web server: `gunicorn cartrial.capture.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartrial.capture.settings")
application = get_wsgi_application()
