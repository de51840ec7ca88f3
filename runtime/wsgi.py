"""What the WSGI server loads in each of its processes."""

from __future__ import annotations

import logging

from runtime.app import create_app, start_worker
from runtime.settings import Settings

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
app = create_app(Settings.read())
if app.settings.worker:
    start_worker(app)
