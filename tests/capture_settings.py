"""Django's settings in the tests: the packaged study, in a folder that goes with the process."""

import atexit
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from cartrial.protocol.read import packaged_text

_folder = TemporaryDirectory(prefix="cartrial-capture-")
atexit.register(_folder.cleanup)
(Path(_folder.name) / "study.yaml").write_text(packaged_text(), "utf-8")
os.environ["CARTRIAL_STUDY"] = _folder.name

from cartrial.capture.settings import *  # noqa: E402, F403 - the environment comes first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a test is no attacker
