"""Several people and processes publish, edit and read at the same time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from engine.kernel.errors import Conflict, Invalid
from engine.publishing import get_document, publish, put_document
from engine.storage import Database
from tests.factories.small_app import (
    ACCOUNT,
    APP,
    SYSTEM,
    a_field,
    an_app,
    publish_documents,
    put,
    with_fields,
)

_READER = """
import sys
from engine.kernel.actor import system_actor
from engine.storage import Database
database = Database(sys.argv[1])
for line in sys.stdin:
    with database.work(system_actor("reader"), writes=False) as work:
        print(work.model("crm").release, *work.model("crm").entities["account"].fields, flush=True)
"""


@pytest.fixture
def published(database: Database) -> Database:
    publish_documents(database, an_app(), ACCOUNT)
    return database


@pytest.fixture
def readers(database_url: str, published: Database) -> Iterator[list[subprocess.Popen[str]]]:
    """Two other processes that answer each line with what they see."""
    command = [sys.executable, "-c", _READER, database_url]
    found = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    yield found
    for process in found:
        process.communicate(timeout=30)


def ask(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().split()


def test_every_process_switches_with_its_next_request(
    published: Database, readers: list[subprocess.Popen[str]]
) -> None:
    for number in range(2, 5):
        assert {ask(process)[0] for process in readers} == {str(number - 1)}
        publish_documents(published, with_fields(ACCOUNT, a_field(f"extra_{number}")))

        for process in readers:
            seen = ask(process)
            assert seen[0] == str(number)
            assert f"extra_{number}" in seen


def test_no_thread_ever_sees_half_a_release(published: Database) -> None:
    stop = threading.Event()
    wrong: list[str] = []

    def read() -> None:
        while not stop.is_set():
            with published.work(SYSTEM, writes=False) as work:
                model, tables = work.model(APP), work.tables(APP)
                if f"extra_{model.release}" not in model.entities["account"].fields and model.release > 1:
                    wrong.append("model")
                if len(tables["account"].columns) != len(model.entities["account"].fields) - 4 + 9:
                    wrong.append("tables")

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, 6):
        publish_documents(published, with_fields(ACCOUNT, a_field(f"extra_{number}")))
    stop.set()
    for thread in threads:
        thread.join()

    assert wrong == []


def test_of_two_who_publish_the_same_draft_one_is_told_that_it_is_done(postgresql_database_url: str) -> None:
    database = Database(postgresql_database_url)
    publish_documents(database, an_app(), ACCOUNT)
    put(database, with_fields(ACCOUNT, a_field("city")))

    late = database.work(SYSTEM)
    with late:  # has begun before the other one publishes
        with database.work(SYSTEM) as work:
            assert publish(work, APP) == 2
        with pytest.raises(Invalid) as caught:
            publish(late, APP)

    assert caught.value.problems[0].code == "publishing.nothing_changed"
    database.close()


def test_of_two_who_edit_the_same_document_one_is_refused(published: Database) -> None:
    with published.work(SYSTEM, writes=False) as work:
        rev = get_document(work, APP, "entity", "account").rev
    answers: list[str] = []

    def edit(name: str) -> None:
        try:
            with published.work(SYSTEM) as work:
                put_document(work, APP, with_fields(ACCOUNT, a_field(name)), rev)
            answers.append("saved")
        except Conflict:
            answers.append("refused")

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["refused", "saved"]
