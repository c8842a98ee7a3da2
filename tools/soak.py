"""Ten minutes of what can go wrong at once, under the real daemon: python -m tools.soak --seconds 600 --seed 7

`yusuan serve` watches a folder into which documents are dropped (whole, and slowly), replaced and taken out. Its
processes are killed, one at a time or all together as by a power cut; `yusuan run` is started beside it and
interrupted; readers open the published file all the time. At the end everything is left alone: what lies in the folder
must be what is published, nothing may be at work or left behind any more, and no read may have failed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import duckdb
import psutil

from pipeline.settings import ROOT, Settings
from tools.typeset.sample import read_samples
from tools.typeset.text import write_tab_rows

LOOK_SECONDS = 3
SETTLE_SECONDS = 600  # a busy machine builds in minutes
READERS = 2
BODIES = [f"{of}局" for of in ("财政", "教育", "民政", "水利", "交通", "审计", "统计", "文化", "体育", "气象")]
PROGRAM = [sys.executable, "-m", "pipeline.cli"]


@dataclass
class Soak:
    folder: Path
    chance: random.Random
    settings: Settings = field(init=False)
    environment: dict[str, str] = field(init=False)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    number: int = 0

    def __post_init__(self) -> None:
        self.settings = Settings(raw=self.folder / "raw", warehouse=self.folder / "warehouse", workers=2)
        self.settings.raw.mkdir()
        told = f"import sys; open({str(self.folder / 'told')!r}, 'ab').write(sys.stdin.buffer.read() + b'\\n')"
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("YUSUAN_", "DAGSTER_"))},
            "YUSUAN_LOOK_SECONDS": str(LOOK_SECONDS),
            "YUSUAN_ON_FAILURE": shlex.join([sys.executable, "-c", told]),
            "YUSUAN_KEEP": "2",
        }
        home = self.settings.warehouse / "dagster"
        home.mkdir(parents=True)
        shipped = (ROOT / "dagster.yaml").read_text("utf-8")  # as it is, but in a hurry
        (home / "dagster.yaml").write_text(
            shipped.replace("poll_interval_seconds: 30", "poll_interval_seconds: 5"), "utf-8"
        )

    @property
    def folders(self) -> list[str]:
        return ["--raw", str(self.settings.raw), "--warehouse", str(self.settings.warehouse)]

    # ── documents ───────────────────────────────────────────────────────────────────────────────────────────────

    def document(self) -> str:
        """A small disclosure of a body and a year that nobody has used."""
        self.number += 1
        body, year = BODIES[self.number % len(BODIES)], 2016 + self.number // len(BODIES) % 10
        return SAMPLE.replace("样例办公室", body).replace("2022", str(year)) + f"\n附注 {self.number}\n"

    def names(self) -> list[Path]:
        return sorted(self.settings.raw.glob("*.txt"))

    def drop(self) -> None:
        (self.settings.raw / f"{self.number:04}.txt").write_text(self.document(), "utf-8")

    def drop_slowly(self) -> None:
        """As a copy over a network: the beginning is there long before the end."""
        text = self.document()
        with (self.settings.raw / f"{self.number:04}.txt").open("w", encoding="utf-8") as file:
            for part in range(4):
                file.write(text[len(text) * part // 4 : len(text) * (part + 1) // 4])
                file.flush()
                time.sleep(self.chance.uniform(0.2, 1.5))

    def replace(self) -> None:
        if names := self.names():
            self.chance.choice(names).write_text(self.document(), "utf-8")

    def remove(self) -> None:
        names = self.names()
        if len(names) > 2:
            self.chance.choice(names).unlink()

    # ── faults ──────────────────────────────────────────────────────────────────────────────────────────────────

    def kill_one(self) -> None:
        if family := self.family():
            kill([self.chance.choice(family)])

    def power_cut(self) -> None:
        kill([*self.family(), psutil.Process(self.serve.pid)])

    def run_beside(self) -> None:
        """A person's run: it builds, gives way to the daemon's, or is interrupted."""
        run = subprocess.Popen(
            [*PROGRAM, "run", *self.folders], cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            run.wait(self.chance.uniform(1, 30))
        except subprocess.TimeoutExpired:
            number = self.chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
            began = time.monotonic()
            run.send_signal(number)
            run.wait(60)
            if (seconds := time.monotonic() - began) > 2:
                self.problems.append(f"{number.name} took {seconds:.1f} s")
        _, said = run.communicate()
        self.counts[f"own run: exit {run.returncode}"] += 1
        if "Traceback" in said or run.returncode not in (0, 4, 130, 143, -9):
            self.problems.append(f"a run of its own ended with {run.returncode}: {said[-600:]}")

    # ── the daemon ──────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> None:
        self.log = (self.folder / "serve.out").open("ab")
        self.serve = subprocess.Popen(
            [*PROGRAM, "serve", *self.folders], cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log
        )
        self.counts["starts of the daemon"] += 1

    def family(self) -> list[psutil.Process]:
        try:
            return list(psutil.Process(self.serve.pid).children(recursive=True))
        except psutil.NoSuchProcess:
            return []

    def keep_alive(self) -> None:
        """What systemd does (Restart=on-failure)."""
        if self.serve.poll() is not None:
            self.start()

    def stop(self) -> None:
        began = time.monotonic()
        family = self.family()
        self.serve.terminate()
        code = self.serve.wait(60)
        seconds = time.monotonic() - began
        _, there = psutil.wait_procs(family, timeout=1)
        alive = [one for one in there if lives(one)]
        if code != 143 or seconds > 2 or alive:
            self.problems.append(f"the daemon ended with {code} after {seconds:.1f} s and left {len(alive)} processes")

    # ── what must hold ──────────────────────────────────────────────────────────────────────────────────────────

    def is_settled(self) -> bool:
        """The published file holds exactly what lies in the folder."""
        if not self.settings.published.exists():
            return False
        query = "select file_name, sha256 from marts.dim_document where file_name like '%.txt'"
        with duckdb.connect(str(self.settings.published), read_only=True) as connection:
            published = dict(connection.execute(query).fetchall())
        return published == {path.name: sha256(path.read_bytes()).hexdigest() for path in self.names()}

    def runs(self) -> Counter[str]:
        """How the daemon's runs ended, from its history."""
        code = (
            "import json, sys; from collections import Counter; import dagster as dg\n"
            "with dg.DagsterInstance.get() as instance:\n"
            "    print(json.dumps(Counter(run.status.value for run in instance.get_runs())))"
        )
        home = {"DAGSTER_HOME": str(self.settings.warehouse / "dagster")}
        found = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env={**self.environment, **home}, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
        return Counter(json.loads(found.stdout.splitlines()[-1]))


def lives(process: psutil.Process) -> bool:
    """Whether it is more than an entry that nobody has asked about."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue


SAMPLE = next(write_tab_rows(sample.layout()) for sample in read_samples() if "130500" in sample.file_name)
# how often each happens, in shares
EVENTS: dict[str, tuple[int, Callable[[Soak], None]]] = {
    "document dropped": (6, Soak.drop),
    "document dropped slowly": (2, Soak.drop_slowly),
    "document replaced": (2, Soak.replace),
    "document removed": (2, Soak.remove),
    "process killed": (2, Soak.kill_one),
    "power cut": (1, Soak.power_cut),
    "run beside": (2, Soak.run_beside),
}


@contextmanager
def readers(soak: Soak) -> Iterator[None]:
    """Threads that open the published file and read it, again and again; each new file is a publication."""
    over = threading.Event()
    inodes: set[int] = set()

    def read() -> None:
        while not over.wait(0.05):
            if not soak.settings.published.exists():
                continue
            try:
                inodes.add(soak.settings.published.stat().st_ino)
                with duckdb.connect(str(soak.settings.published), read_only=True) as connection:
                    row = connection.execute(
                        "select figure_count, (select count(*) from marts.published_figure) from quality.build"
                    ).fetchone()
                if row is None or row[0] != row[1]:
                    soak.problems.append(f"a reader met a file that is not whole: {row}")
                soak.counts["reads"] += 1
            except (duckdb.Error, OSError) as error:
                soak.problems.append(f"a reader failed: {error}")

    threads = [threading.Thread(target=read) for _ in range(READERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()
        soak.counts["publications seen"] = len(inodes)


def soak(folder: Path, seconds: float, seed: int) -> list[str]:
    """What did not hold, in words; the figures are printed."""
    print(f"seed {seed}, {seconds:.0f} seconds, in {folder}", flush=True)
    it = Soak(folder, random.Random(seed))
    it.drop()
    it.start()
    began = time.monotonic()
    names = list(EVENTS)
    shares = [share for share, _ in EVENTS.values()]
    with readers(it):
        while time.monotonic() - began < seconds:
            time.sleep(it.chance.uniform(2, 12))
            [name] = it.chance.choices(names, shares)
            print(f"{time.monotonic() - began:6.0f} s  {name}", flush=True)
            EVENTS[name][1](it)
            it.counts[name] += 1
            it.keep_alive()
        left_alone = time.monotonic()
        while not it.is_settled() and time.monotonic() - left_alone < SETTLE_SECONDS:
            time.sleep(1)
            it.keep_alive()
        settled = it.is_settled()
        it.counts["seconds until all was published"] = round(time.monotonic() - left_alone)
        if not settled:
            it.problems.append("what lies in the folder is not what is published")
        it.stop()
    after = subprocess.run(
        [*PROGRAM, "run", *it.folders, "--strict"],
        cwd=ROOT,
        env=it.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if after.returncode != 0:
        it.problems.append(f"the last run ended with {after.returncode}: {after.stderr[-600:]}")
    left = {path.name for path in it.settings.warehouse.iterdir()}
    if strange := left - {".lock", "budget.duckdb", "dagster", "data_docs", "dbt", "extracted", "previous"}:
        it.problems.append(f"left behind: {', '.join(sorted(strange))}")
    runs = it.runs()
    if at_work := [status for status in runs if status not in ("SUCCESS", "FAILURE", "CANCELED")]:
        it.counts["runs cut off by the end"] = sum(runs[status] for status in at_work)
    told = folder / "told"
    it.counts["failures told of"] = len(told.read_text("utf-8").splitlines()) if told.exists() else 0
    it.counts["documents at the end"] = len(it.names())
    it.counts.update({f"daemon's runs: {status}": count for status, count in runs.items()})
    for name, count in sorted(it.counts.items()):
        print(f"{count:>8,}  {name}")
    return it.problems


def main(arguments: list[str] | None = None) -> int:
    """Exit code 1 if anything did not hold; the folder then stays for a look."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000)
    options = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="yusuan-soak-"))
    problems = soak(folder, options.seconds, options.seed)
    for problem, count in Counter(problems).items():
        print(f"NOT HELD ({count}×): {problem}")
    print(f"{'nothing lost, nothing stuck, nothing left behind' if not problems else 'FAILED'} (seed {options.seed})")
    if not problems:
        shutil.rmtree(folder)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
