"""The operators' area: one blueprint with every page of it."""

from __future__ import annotations

from flask import Blueprint

from runtime.account.routes import blueprint as account
from runtime.files.routes import blueprint as files
from runtime.home.routes import blueprint as home
from runtime.inbox.routes import blueprint as inbox
from runtime.people.routes import blueprint as people
from runtime.records.routes import blueprint as records
from runtime.shell.login import blueprint as login
from runtime.shell.view import blueprint as view

blueprint = Blueprint("pages", __name__)
for part in (login, view, home, inbox, records, files, people, account):
    blueprint.register_blueprint(part)
