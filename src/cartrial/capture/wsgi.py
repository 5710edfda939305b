"""The door for a web server: `gunicorn cartrial.capture.wsgi`."""

import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # a request has its thread; more would only wait
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cartrial.capture.settings")
sys.setswitchinterval(0.05)  # seconds; to change threads ten times as often takes an eighth longer
application = get_wsgi_application()
