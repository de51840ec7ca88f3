"""Every system table, in one place; the rooms' stores query them, Alembic creates them.

Times are UTC. On SQLite they are kept as text of fixed width, so that they compare as text.
Identifiers are UUIDs (native on PostgreSQL, 16 bytes on SQLite).
"""

from __future__ import annotations

import sqlalchemy as sa

from engine.storage.types import Bytes16, Instant, Json

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id(name: str = "id") -> sa.Column[object]:
    return sa.Column(name, Bytes16, primary_key=True)


def _ref(name: str, target: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, Bytes16, sa.ForeignKey(f"{target}.id"), nullable=nullable, index=True)


def _when(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, Instant, nullable=nullable)


# One row whose numbers grow whenever something that processes cache has changed.
stamp = sa.Table(
    "stamp", metadata,
    sa.Column("id", sa.Integer, primary_key=True),           # always 1
    sa.Column("releases", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("accounts", sa.BigInteger, nullable=False, server_default="0"),
)

setting = sa.Table(
    "setting", metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("value", Json, nullable=False),
)

# accounts ---------------------------------------------------------------------------------------
department = sa.Table(
    "department", metadata,
    _id(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("name", Json, nullable=False),                  # {language: text}
    _ref("parent_id", "department"),
    sa.Column("head_id", Bytes16, nullable=True),             # a user; no constraint: the tables refer to each other
    _when("removed_at", nullable=True),
)

user = sa.Table(
    "user_account", metadata,
    _id(),
    sa.Column("login", sa.Text, nullable=False, unique=True), # NFKC, lower case
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=True),
    sa.Column("password", sa.Text, nullable=True),            # argon2id, or null: can't sign in
    sa.Column("language", sa.Text, nullable=False, server_default="en"),
    sa.Column("timezone", sa.Text, nullable=False, server_default="UTC"),
    sa.Column("theme", sa.Text, nullable=False, server_default="system"),
    sa.Column("is_admin", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("is_active", sa.Boolean, nullable=False, server_default=sa.true()),
    _ref("department_id", "department"),
    _ref("manager_id", "user_account"),
    sa.Column("title", sa.Text, nullable=True),
    sa.Column("rev", sa.Integer, nullable=False, server_default="1"),
    _when("created_at"),
    sa.Column("failed_logins", sa.Integer, nullable=False, server_default="0"),
    _when("locked_until", nullable=True),
)

role_holder = sa.Table(
    "role_holder", metadata,
    sa.Column("user_id", Bytes16, sa.ForeignKey("user_account.id"), primary_key=True),
    sa.Column("app", sa.Text, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

session = sa.Table(
    "session", metadata,
    sa.Column("token_hash", sa.Text, primary_key=True),       # SHA-256 of the cookie's token
    _ref("user_id", "user_account", nullable=False),
    sa.Column("csrf", sa.Text, nullable=False),
    _when("created_at"), _when("seen_at"), _when("expires_at"),
    sa.Column("agent", sa.Text, nullable=True),
    sa.Column("viewing", Json, nullable=True),                # {"app", "role"} or {"user"}: through whose eyes it looks
)

api_token = sa.Table(
    "api_token", metadata,
    _id(),
    sa.Column("token_hash", sa.Text, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    _ref("user_id", "user_account", nullable=False),
    _when("created_at"), _when("expires_at", nullable=True), _when("used_at", nullable=True),
    _when("revoked_at", nullable=True),
)

# definitions ------------------------------------------------------------------------------------
app = sa.Table(
    "app", metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False, unique=True),
    sa.Column("release", sa.Integer, nullable=False, server_default="0"),  # 0: nothing published
    sa.Column("draft_rev", sa.Integer, nullable=False, server_default="1"),
    _when("created_at"),
)

blob = sa.Table(                                               # immutable document texts
    "blob", metadata,
    sa.Column("hash", sa.Text, primary_key=True),
    sa.Column("document", Json, nullable=False),
)

draft_document = sa.Table(
    "draft_document", metadata,
    sa.Column("app", sa.Text, sa.ForeignKey("app.key"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("document", Json, nullable=False),
    sa.Column("rev", sa.Integer, nullable=False, server_default="1"),
    sa.Column("changed_by", Bytes16, nullable=True),
    _when("changed_at"),
)

release = sa.Table(
    "release", metadata,
    sa.Column("app", sa.Text, sa.ForeignKey("app.key"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("manifest", Json, nullable=False),              # {"entity/quotation": hash, …}
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    sa.Column("author_id", Bytes16, nullable=True),
    sa.Column("origin", Json, nullable=True),                 # {"rollback_of": 3} or {"pack": …}
    _when("published_at"),
)

record_column = sa.Table(                                      # what stands in the record tables
    "record_column", metadata,
    sa.Column("table", sa.Text, primary_key=True),
    sa.Column("column", sa.Text, primary_key=True),           # "" for the table itself
    sa.Column("app", sa.Text, nullable=False),
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("details", Json, nullable=False),
    _when("retired_at", nullable=True),
)

installed_pack = sa.Table(
    "installed_pack", metadata,
    sa.Column("app", sa.Text, sa.ForeignKey("app.key"), primary_key=True),
    sa.Column("uid", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("manifest", Json, nullable=False),
    _when("installed_at"),
)

# records ----------------------------------------------------------------------------------------
sequence = sa.Table(                                           # auto-numbers
    "sequence", metadata,
    sa.Column("key", sa.Text, primary_key=True),              # field uid + period
    sa.Column("value", sa.BigInteger, nullable=False),
)

history = sa.Table(                                            # field-level history of records
    "record_history", metadata,
    _id(),
    sa.Column("app", sa.Text, nullable=False),
    sa.Column("entity_uid", sa.Text, nullable=False),
    sa.Column("record_id", Bytes16, nullable=False),
    sa.Column("rev", sa.Integer, nullable=False),
    sa.Column("verb", sa.Text, nullable=False),
    sa.Column("values", Json, nullable=False),                # {field uid: [before, after]} as JSON values
    sa.Column("actor_id", Bytes16, nullable=True),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("cause", sa.Text, nullable=True),
    _when("at"),
    sa.Index("ix_record_history_record", "record_id", "id"),
)

comment = sa.Table(
    "record_comment", metadata,
    _id(),
    sa.Column("app", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("record_id", Bytes16, nullable=False, index=True),
    sa.Column("text", sa.Text, nullable=False),
    _ref("author_id", "user_account", nullable=False),
    _when("at"),
)

stored_file = sa.Table(
    "stored_file", metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("app", sa.Text, nullable=True),
    sa.Column("entity", sa.Text, nullable=True),
    sa.Column("record_id", Bytes16, nullable=True, index=True),  # null: uploaded, not yet attached
    sa.Column("field_uid", sa.Text, nullable=True),
    sa.Column("uploaded_by", Bytes16, nullable=True),
    _when("uploaded_at"),
)

saved_view = sa.Table(                                         # a person's own filters
    "saved_view", metadata,
    _id(),
    _ref("user_id", "user_account", nullable=False),
    sa.Column("app", sa.Text, nullable=False),
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("settings", Json, nullable=False),              # {filter, sort, columns, q, view}
)

notification = sa.Table(
    "notification", metadata,
    _id(),
    _ref("user_id", "user_account", nullable=False),
    sa.Column("code", sa.Text, nullable=False),               # message code, or "text"
    sa.Column("values", Json, nullable=False),                # may hold {"text": {lang: …}}
    sa.Column("app", sa.Text, nullable=True),
    sa.Column("entity", sa.Text, nullable=True),
    sa.Column("record_id", Bytes16, nullable=True),
    _when("at"), _when("read_at", nullable=True),
)

# audit, jobs, idempotency -----------------------------------------------------------------------
audit_entry = sa.Table(
    "audit_entry", metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    _when("at"),
    sa.Column("actor_id", Bytes16, nullable=True),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),             # "app.published", "user.changed", "session.opened" …
    sa.Column("app", sa.Text, nullable=True),
    sa.Column("subject", sa.Text, nullable=True),
    sa.Column("details", Json, nullable=False),
)

job = sa.Table(
    "job", metadata,
    _id(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("payload", Json, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="waiting"),  # waiting running done failed dead cancelled
    _when("run_at"), _when("created_at"), _when("started_at", nullable=True), _when("ended_at", nullable=True),
    _when("lease_until", nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("tries", sa.Integer, nullable=False, server_default="8"),
    sa.Column("progress", sa.Integer, nullable=False, server_default="0"),   # per cent
    sa.Column("message", Json, nullable=True),                # {"code", "values"} for people
    sa.Column("result", Json, nullable=True),
    sa.Column("dedupe_key", sa.Text, nullable=True, unique=True),
    sa.Column("owner_id", Bytes16, nullable=True),            # who may watch it
    sa.Index("ix_job_due", "status", "run_at"),
)

idempotency = sa.Table(
    "idempotency", metadata,
    sa.Column("key", sa.Text, primary_key=True),              # "<actor id>:<client's key>"
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("answer", sa.LargeBinary, nullable=False),
    _when("at"),
)

# workflow ---------------------------------------------------------------------------------------
wf_instance = sa.Table(
    "wf_instance", metadata,
    _id(),
    sa.Column("app", sa.Text, nullable=False),
    sa.Column("workflow", sa.Text, nullable=False),
    sa.Column("workflow_uid", sa.Text, nullable=False),
    sa.Column("release", sa.Integer, nullable=False),         # the pinned release
    sa.Column("entity", sa.Text, nullable=False),
    sa.Column("record_id", Bytes16, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False, server_default="1"),
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),  # compare-and-set
    sa.Column("seq", sa.Integer, nullable=False, server_default="0"),      # last event
    _ref("initiator_id", "user_account"),
    sa.Column("data", Json, nullable=False),                  # resume frame, return counts, carried decisions
    sa.Column("outcome", sa.Text, nullable=True),             # set when ended
    _when("started_at"), _when("ended_at", nullable=True),
    sa.Index("ix_wf_instance_record", "record_id"),
    sa.Index(                                                 # one open run of a workflow on a record
        "uq_wf_instance_open", "workflow_uid", "record_id", unique=True,
        sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

wf_visit = sa.Table(
    "wf_visit", metadata,
    _id(),
    _ref("instance_id", "wf_instance", nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    _when("opened_at"), _when("closed_at", nullable=True),
    sa.Column("result", sa.Text, nullable=True),
)

wf_slot = sa.Table(                                            # one seat; an open one is a task
    "wf_slot", metadata,
    _id(),
    _ref("visit_id", "wf_visit", nullable=False),
    _ref("instance_id", "wf_instance", nullable=False),
    _ref("user_id", "user_account"),                          # null: a seat for the administrators
    sa.Column("groups", Json, nullable=False),                # groups this seat counts in
    sa.Column("weight", sa.Text, nullable=False, server_default="1"),
    sa.Column("position", sa.Integer, nullable=False, server_default="0"),
    sa.Column("status", sa.Text, nullable=False),
    _ref("on_behalf_of", "user_account"),
    sa.Column("via", sa.Text, nullable=True),                 # rule, transfer, timer, admin …
    sa.Column("comment", sa.Text, nullable=True),
    sa.Column("record_rev", sa.Integer, nullable=True),
    _when("opened_at", nullable=True), _when("decided_at", nullable=True), _when("due_at", nullable=True),
    sa.Index("ix_wf_slot_inbox", "user_id", "status"),
)

wf_timer = sa.Table(
    "wf_timer", metadata,
    _id(),
    _ref("instance_id", "wf_instance", nullable=False),
    _ref("visit_id", "wf_visit", nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("occurrence", sa.Integer, nullable=False),
    _when("fire_at"),
    sa.Column("status", sa.Text, nullable=False),             # armed fired cancelled
    sa.UniqueConstraint("visit_id", "key", "occurrence"),
    sa.Index("ix_wf_timer_due", "status", "fire_at"),
)

wf_event = sa.Table(
    "wf_event", metadata,
    sa.Column("instance_id", Bytes16, sa.ForeignKey("wf_instance.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),               # submitted decided returned entered …
    sa.Column("state", sa.Text, nullable=True),
    sa.Column("actor_id", Bytes16, nullable=True),
    sa.Column("actor_name", sa.Text, nullable=False),
    sa.Column("via", sa.Text, nullable=False, server_default="human"),
    sa.Column("details", Json, nullable=False),
    _when("at"),
    sa.Column("previous_hash", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
)

wf_command = sa.Table(                                         # idempotent commands
    "wf_command", metadata,
    sa.Column("key", sa.Text, primary_key=True),
    _ref("instance_id", "wf_instance"),
    sa.Column("digest", sa.Text, nullable=False),
    sa.Column("answer", Json, nullable=False),
    _when("at"),
)

wf_copy = sa.Table(                                            # 抄送: read access and a read mark
    "wf_copy", metadata,
    _id(),
    _ref("instance_id", "wf_instance", nullable=False),
    _ref("user_id", "user_account", nullable=False),
    _when("at"), _when("read_at", nullable=True),
    sa.UniqueConstraint("instance_id", "user_id"),
)
