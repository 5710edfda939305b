"""With this folder on its path, a Python starts DAYS_AGO days in the past; time goes on.

So a server of the tests, a process of its own, can be one of another day.
"""

import os
from datetime import UTC, datetime, timedelta

import time_machine

_ago = timedelta(days=float(os.environ["DAYS_AGO"]))
time_machine.travel(datetime.now(UTC) - _ago, tick=True).start()
