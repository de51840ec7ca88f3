"""What the WSGI server loads in each of its processes."""

from __future__ import annotations

import gc
import logging

from runtime.app import create_app, start_worker
from runtime.settings import Settings

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
app = create_app(Settings.read())
# What was loaded stays: looking through it at each collection was a tenth of the CPU of a bulk request.
gc.collect()
gc.freeze()
gc.set_threshold(10_000, 10, 10)
if app.settings.worker:
    start_worker(app)
