"""A new app from a table, on both databases: published at once, rows by a job that may be interrupted."""

from __future__ import annotations

import io
from datetime import date

import pytest

from engine import Engine, Invalid, NotFound, Query, system_actor
from engine.packs.table import begin as module

ZONE = "Asia/Shanghai"
ROWS = 620


@pytest.fixture
def engine(database_url, tmp_path):
    found = Engine(database_url, data=tmp_path)
    found.database.migrate()
    with found.work(system_actor("test"), writes=True) as work:
        found.accounts.create_user(work, "admin", "Administrator", "correct horse battery", is_admin=True)
        found.accounts.create_user(work, "li", "Li", "correct horse battery")
    yield found
    found.close()


def actor(engine, login: str):
    with engine.work(system_actor("test"), writes=False) as work:
        return engine.accounts.find_actor(work, engine.accounts.find_user(work, login).id)


def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("客户")
    sheet.append(["公司名称", "统一编码", "级别", "年采购额", "首次合作", "邮箱"])
    for number in range(ROWS):
        sheet.append([f"公司{number}", f"C{number:04d}", "ABC"[number % 3], number + 0.5, date(2024, 1, 1 + number % 28), f"c{number}@example.cn"])
    sheet.append(["重复的", "C0001", "A", 1, None, None])
    sheet.append(["有错的", "C9999", "A", "很多", "去年", "not an address"])
    sheet.append([None, "C8888", "B", 1, None, None])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def uploaded(engine, admin):
    with engine.work(admin, writes=True) as work:
        file = engine.records.store_file(work, io.BytesIO(workbook()), "客户.xlsx")
        return str(file.id), engine.packs.analyse_table(work, str(file.id), timezone=ZONE)


def begun(engine, admin):
    file, found = uploaded(engine, admin)
    columns = [{**column, "unique": column["label"] == "统一编码"} for column in found["columns"]]
    given = {"file": file, "sheet": found["sheet"], "label": "客户管理", "name": "客户", "title": found["title"], "columns": columns}
    with engine.work(admin, writes=True) as work:
        return engine.packs.begin_from_table(work, given, timezone=ZONE)


def done(engine, admin, job):
    worker = engine.worker()
    for _ in range(40):
        if not worker.run_once():
            break
    with engine.work(admin, writes=False) as work:
        return engine.jobs.get_job(work, engine_id(job))


def engine_id(text):
    from uuid import UUID

    return UUID(text)


def test_columns_are_guessed_and_doubtful_cells_named(engine):
    admin = actor(engine, "admin")
    _, found = uploaded(engine, admin)
    assert {column["label"]: column["type"] for column in found["columns"]} == {
        "公司名称": "text", "统一编码": "text", "级别": "choice", "年采购额": "money", "首次合作": "date", "邮箱": "email"}
    assert (found["rows"], len(found["preview"]), found["title"]) == (ROWS + 3, 20, "gongsimingcheng")
    assert [(bad["row"], bad["column"]) for bad in found["bad"]] == [(ROWS + 3, "年采购额"), (ROWS + 3, "首次合作"), (ROWS + 3, "邮箱")]


def test_a_table_becomes_an_app_with_its_records(engine):
    admin = actor(engine, "admin")
    made = begun(engine, admin)
    job = done(engine, admin, made["job"])
    assert (job.status, job.result["created"], job.result["refused"], job.result["emptied"]) == ("done", ROWS + 1, 2, 3)
    assert {line["row"] for line in job.result["lines"]} == {ROWS + 2, ROWS + 3, ROWS + 4}
    with engine.work(admin, writes=False) as work:
        model = work.model(made["app"])
        assert sorted(view.type for view in model.views.values()) == ["board", "list"]
        page = engine.records.query_records(work, made["app"], made["entity"], Query(filter='jibie = "b"', sort=("-niancaigoue",), limit=1, count="exact"))
        assert page.count == ROWS // 3 + (1 if ROWS % 3 > 1 else 0)
        odd = engine.records.query_records(work, made["app"], made["entity"], Query(filter='gongsimingcheng = "有错的"')).records[0]
        assert odd.values["niancaigoue"] is None


def test_an_interrupted_import_goes_on_where_it_was(engine, monkeypatch):
    admin = actor(engine, "admin")
    made = begun(engine, admin)
    real, calls = module.set_progress, []

    def broken(work, progress, message=None):
        calls.append(progress)
        if len(calls) == 2:
            raise ConnectionError("the machine went away")
        real(work, progress, message)

    monkeypatch.setattr(module, "set_progress", broken)
    worker = engine.worker()
    worker.run_once()
    with engine.work(admin, writes=True) as work:
        job = engine.jobs.get_job(work, engine_id(made["job"]))
        assert job.status == "waiting"
        assert engine.records.query_records(work, made["app"], made["entity"], Query(limit=1, count="exact")).count == 2 * module.BATCH
    import sqlalchemy as sa

    with engine.work(system_actor("test"), writes=True) as work:
        work.connection.execute(sa.text("UPDATE job SET run_at = created_at"))
    job = done(engine, admin, made["job"])
    assert (job.status, job.result["created"], job.result["refused"]) == ("done", ROWS + 1, 2)
    with engine.work(admin, writes=False) as work:
        assert engine.records.query_records(work, made["app"], made["entity"], Query(limit=1, count="exact")).count == ROWS + 1
        assert work.connection.execute(sa.text("SELECT count(*) FROM setting WHERE key LIKE 'table.import%'")).scalar() == 0


def test_what_cannot_become_an_app_is_refused(engine):
    from engine.kernel.errors import Forbidden

    admin = actor(engine, "admin")
    file, found = uploaded(engine, admin)
    given = {"file": file, "sheet": found["sheet"], "label": "A", "name": "B", "title": found["title"], "columns": found["columns"]}
    with engine.work(admin, writes=True) as work:
        for change, code in (({"label": " "}, "table.no_app_label"), ({"name": ""}, "table.no_record_name"), ({"title": "jibie"}, "table.no_title"), ({"columns": []}, "table.columns_differ"),
                             ({"columns": [{**column, "skip": True} for column in found["columns"]]}, "table.no_columns"), ({"columns": [{**column, "label": ""} for column in found["columns"]]}, "table.no_label"),
                             ({"columns": [{**column, "type": "formula"} for column in found["columns"]]}, "table.columns_differ"), ({"file": "x"}, "table.no_file")):
            with pytest.raises(Invalid) as caught:
                engine.packs.begin_from_table(work, {**given, **change}, timezone=ZONE)
            assert code in [problem.code for problem in caught.value.problems]
        with pytest.raises(NotFound):
            engine.packs.begin_from_table(work, {**given, "file": "00000000-0000-0000-0000-000000000000"}, timezone=ZONE)
        assert not engine.publishing.list_apps(work)
    with engine.work(actor(engine, "li"), writes=True) as work, pytest.raises(Forbidden):
        engine.packs.begin_from_table(work, given, timezone=ZONE)
