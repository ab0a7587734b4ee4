"""The application object that servers and the ``flask`` command look for."""

import sys

from portal import create_app
from portal.config import ConfigurationError

try:
    app = create_app()
except ConfigurationError as refusal:
    sys.stderr.write(f"Placecard cannot start. {refusal}\n")
    raise SystemExit(3) from None  # to gunicorn, 3 means: this worker will never boot, do not try again
