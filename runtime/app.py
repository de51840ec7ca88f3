"""The Flask application: the shell first, then the areas, by name."""

from __future__ import annotations

import importlib
import threading

from runtime.settings import Settings
from runtime.shell import assets, errors, gate, headers, session, templating
from runtime.shell.application import Formwork

AREAS = ("runtime.api.routes:blueprint", "runtime.area:blueprint")
DESIGNER = "designer.area:blueprint"


def create_app(settings: Settings | None = None, *, engine: object | None = None) -> Formwork:
    """A ready application; opens the database, and migrates it when it is behind.

    `engine` is given by tests and by `formwork up`, which have one already.
    """
    from engine import Engine

    settings = settings or Settings.read()
    app = Formwork("runtime", template_folder=None, static_folder=None)
    app.settings = settings
    app.engine = engine or Engine(settings.url, data=settings.data, options=settings)  # type: ignore[assignment]
    app.config.update(
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=settings.max_body,
        MAX_FORM_PARTS=5000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        PROPAGATE_EXCEPTIONS=False,
    )
    app.json.sort_keys = False  # type: ignore[attr-defined]
    session.install(app)  # before the locale, which goes by who is signed in
    gate.install(app)
    templating.install(app)
    headers.install(app, secure=settings.secure_cookies)
    errors.install(app)
    app.register_blueprint(assets.blueprint)
    for name in (*AREAS, *((DESIGNER,) if settings.designer else ())):
        module, attribute = name.split(":")
        app.register_blueprint(getattr(importlib.import_module(module), attribute))
    return app


def start_worker(app: Formwork) -> threading.Event:
    """Run the worker as a thread of this process; returns the event that stops it."""
    stop = threading.Event()
    thread = threading.Thread(target=app.engine.run_worker, args=(stop,), name="worker", daemon=True)
    thread.start()
    return stop
