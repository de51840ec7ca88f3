"""The whole comparison with one command: hand-written yardstick and Formwork on one PostgreSQL server.

    python benchmarks/compare.py [--deals 100000] [--seconds 5] [--ops get,list,…]

Starts a throw-away PostgreSQL (system binaries), loads 100,000 deals into both, runs the same requests
one at a time and eight at a time, and prints CPU seconds per 1,000 requests of the web servers as ratios.
Needs the packages of the `dev` extra and `gunicorn` (for the yardstick).
"""
from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent


def postgresql(folder: Path):
    found = shutil.which("postgres")
    binaries = Path(found).resolve().parent if found else max(Path("/usr/lib/postgresql").glob("*/bin"))
    prefix = []
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        prefix = ["runuser", "-u", "postgres", "--"]
    cluster = folder / "cluster"
    subprocess.run([*prefix, binaries / "initdb", "-D", cluster, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres"],
                   check=True, capture_output=True, cwd=folder)
    process = subprocess.Popen([*prefix, binaries / "postgres", "-D", cluster, "-k", folder, "-p", "54329", "-c", "listen_addresses=127.0.0.1",
                                "-c", "shared_buffers=512MB", "-c", "max_connections=100"],
                               cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        if subprocess.run([binaries / "pg_isready", "-h", "127.0.0.1", "-p", "54329"], capture_output=True).returncode == 0:
            break
        time.sleep(0.1)
    return process, binaries


def dsn(name: str, driver: str = "") -> str:
    return f"postgresql{driver}://postgres@127.0.0.1:54329/{name}"


def postmaster(folder: Path) -> str:
    return (folder / "cluster" / "postmaster.pid").read_text().splitlines()[0]


def wait(url: str) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2)
            return
        time.sleep(0.1)
    raise SystemExit(f"{url} doesn't answer")


def drive(*arguments: str) -> None:
    subprocess.run([sys.executable, "driver.py", *arguments], cwd=HERE, check=True)


def formwork(*arguments: str, **environment: str) -> str:
    done = subprocess.run([BIN / "formwork", *arguments], env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--deals", default="100000")
    parser.add_argument("--seconds", default="5")
    parser.add_argument("--conc", default="1,8")
    parser.add_argument("--ops", default="login,get,list,list_nototal,count,group,search,update,create,bulk")
    parser.add_argument("--only", choices=["yardstick", "formwork"], help="run one side and compare with the other's last result")
    parser.add_argument("--keep", action="store_true", help="leave the servers running afterwards")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="fwbench"))
    (HERE / "results").mkdir(exist_ok=True)
    server, binaries = postgresql(folder)
    started = []
    try:
        for name in ("yardstick", "formwork"):
            subprocess.run([binaries / "createdb", "-h", "127.0.0.1", "-p", "54329", "-U", "postgres", name], check=True)
        pg = postmaster(folder)
        common = ["--deals", given.deals, "--seconds", given.seconds, "--conc", given.conc, "--ops", given.ops, "--pg-pid", pg]

        if given.only != "formwork":
            environment = {**os.environ, "DSN": dsn("yardstick", "+psycopg")}
            subprocess.run([sys.executable, "app.py", "init", "indexed"], cwd=HERE / "apps/handcoded", env=environment, check=True)
            web = subprocess.Popen([BIN / "gunicorn", "-w", "1", "-b", "127.0.0.1:5050", "app:app"], cwd=HERE / "apps/handcoded", env=environment,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            started.append(web)
            wait("http://127.0.0.1:5050/health")
            place = ["--adapter", "handcoded", "--url", "http://127.0.0.1:5050", "--dsn", dsn("yardstick")]
            drive("setup", *place, "--deals", given.deals)
            drive("run", *place, *common, "--pid", str(web.pid), "--label", "hand-written", "--out", "results/handcoded.json")
            web.send_signal(signal.SIGTERM)

        if given.only != "yardstick":
            data = folder / "data"
            settings = {"FORMWORK_DATABASE_URL": dsn("formwork", "+psycopg"), "FORMWORK_DATA": str(data)}
            subprocess.run([sys.executable, HERE / "apps/formwork/make_pack.py", folder / "pack"], check=True)
            formwork("init", **settings)
            formwork("pack", "install", str(folder / "pack"), "--lang", "en", **settings)
            made = formwork("user", "add", "bench", "--name", "Bench", "--role", "bench:member", **settings)
            password = re.search(r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", made)[0]
            token = formwork("token", "add", "bench", **settings).strip()
            web = subprocess.Popen([BIN / "formwork", "serve", "--port", "5051", "--workers", "1", "--threads", "2"], env={**os.environ, **settings},
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            started.append(web)
            wait("http://127.0.0.1:5051/login")
            place = ["--adapter", "formwork", "--url", "http://127.0.0.1:5051", "--dsn", dsn("formwork"), "--opt", f"token={token}",
                     "--opt", "user=bench", "--opt", f"password={password}"]
            drive("setup", *place, "--deals", given.deals)
            drive("run", *place, *common, "--pid", str(web.pid), "--label", "Formwork", "--out", "results/formwork.json")
        table(HERE / "results/handcoded.json", HERE / "results/formwork.json")
        if given.keep:
            print("PostgreSQL and Formwork run on; token:", token)
            input()
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)
        os.kill(int(postmaster(folder)), signal.SIGINT)  # runuser would not pass the signal on
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def table(base: Path, ours: Path) -> None:
    """CPU seconds per 1,000 requests of the web server, side by side."""
    one, two = json.loads(base.read_text()), json.loads(ours.read_text())
    print(f"\n{two['date']}, Python {two['python']}, {two['cores']} cores\n")
    print("| operation | at a time | hand-written CPU s/1,000 | Formwork CPU s/1,000 | ratio | PostgreSQL CPU: hand-written | Formwork | p50 ms | p50 ms |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for op, levels in two["ops"].items():
        for level, row in levels.items():
            other = one["ops"].get(op, {}).get(level)
            if not other or not row["n"] or not other["n"]:
                continue
            a, b = other["server_cpu_s_per_1000"], row["server_cpu_s_per_1000"]
            print(f"| {op} | {level} | {a:.2f} | {b:.2f} | {b / a:.2f} | {other['pg_cpu_s_per_1000']:.2f} | {row['pg_cpu_s_per_1000']:.2f} "
                  f"| {other['p50_ms']:.1f} | {row['p50_ms']:.1f} |" + (f" {row['errors']} errors, {row['wrong']} wrong" if row["errors"] or row["wrong"] else ""))
    print(f"\nMemory of the web server after: hand-written {one['memory_after']['pss_mib']} MiB, Formwork {two['memory_after']['pss_mib']} MiB")


if __name__ == "__main__":
    main()
