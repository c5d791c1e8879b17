"""The embedded server under everything that can happen to it. Processes here really run and really
are killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.pq import Ping

from sanderling.store import cluster
from sanderling.store.server import Server, check_own, conninfo, ready
from sanderling.store.trouble import DatabaseTrouble

JOINS = """
import sys
from pathlib import Path
from sanderling.store.server import Server
with Server(Path(sys.argv[1])):
    print("joined", flush=True)
    sys.stdin.readline()
"""

Start = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture(scope="module")
def pristine(data_home: Path) -> Path:
    """A data folder that was made and stopped in order, to be copied."""
    folder = data_home / "pristine"
    with Server(folder):
        pass
    return folder


@pytest.fixture
def data(pristine: Path, data_home: Path) -> Iterator[Path]:
    """A data folder of the test's own; whatever runs in it is gone afterwards."""
    folder = data_home / f"data-{time.monotonic_ns()}"
    subprocess.run(["cp", "-a", pristine, folder], check=True)
    yield folder
    end_everything_in(folder)
    shutil.rmtree(folder)


@pytest.fixture
def start() -> Iterator[Start]:
    """Start another process that joins the server and stays until its input ends."""
    started: list[subprocess.Popen[str]] = []

    def another(folder: Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", JOINS, str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": "src"},
        )
        started.append(process)
        return process

    yield another
    for process in started:
        process.kill()
        process.communicate()


def end_everything_in(folder: Path) -> None:
    left = cluster.Cluster(folder)._processes(folder / "postgres")
    for process in left:
        process.kill()
    psutil.wait_procs(left, timeout=10)


def joined(process: subprocess.Popen[str]) -> bool:
    return process.stdout.readline() == "joined\n"


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)
    assert process.returncode == 0


def runs(folder: Path) -> bool:
    return cluster.Cluster(folder).ping() == Ping.OK


def pid_of(folder: Path) -> int:
    return int((folder / "postgres" / "postmaster.pid").read_text().split("\n")[0])


def note(folder: Path, word: str) -> None:
    with psycopg.connect(conninfo(folder)) as connection:
        connection.execute("create table if not exists noted (word text)")
        connection.execute("insert into noted values (%s)", [word])


def noted(folder: Path) -> list[str]:
    with psycopg.connect(conninfo(folder)) as connection:
        return [word for (word,) in connection.execute("select word from noted")]


def test_a_new_folder_becomes_a_database_that_loses_nothing_and_listens_to_nobody_else(data_home):
    folder = data_home / "new"
    with Server(folder), psycopg.connect(conninfo(folder)) as connection:
        asked = "select current_setting('fsync'), current_setting('synchronous_commit')"
        assert connection.execute(asked).fetchone() == ("on", "on")
        assert connection.execute("show listen_addresses").fetchone() == ("",)
        assert connection.execute("show timezone").fetchone() == ("UTC",)
        assert connection.execute("show server_encoding").fetchone() == ("UTF8",)
        assert connection.execute("select lower('ÄRGER ÉTÉ ПРИВЕТ')").fetchone() == (
            "ärger été привет",
        )
        assert connection.info.server_version // 10000 == cluster.MAJOR
        superuser = "select rolsuper from pg_roles where rolname = current_user"
        assert connection.execute(superuser).fetchone() == (False,)
        assert (folder / "run").stat().st_mode & 0o777 == 0o700
    assert not runs(folder)


def test_settings_of_ones_own_overrule_ours(data):
    (data / "postgres.conf").write_text("work_mem = 7MB\n")
    with Server(data), psycopg.connect(conninfo(data)) as connection:
        assert connection.execute("show work_mem").fetchone() == ("7MB",)


def test_a_second_start_joins_and_only_the_last_one_out_stops_the_server(data, start):
    first, second = start(data), start(data)
    assert joined(first)
    assert joined(second)
    server = pid_of(data)
    leave(first)
    assert runs(data)
    assert pid_of(data) == server
    leave(second)
    assert not runs(data)


def test_many_that_start_at_the_same_moment_share_one_new_server(data_home, start):
    folder = data_home / "crowd"
    crowd = [start(folder) for _ in range(6)]
    assert all(joined(process) for process in crowd)
    running = cluster.Cluster(folder)._processes(folder / "postgres")
    assert len([process for process in running if process.ppid() == 1]) <= 1
    note(folder, "shared")
    for process in crowd:
        leave(process)
    assert not runs(folder)
    with Server(folder):
        assert noted(folder) == ["shared"]


def test_what_was_committed_survives_the_killing_of_everything_at_once(data, start):
    users = [start(data), start(data)]
    assert all(joined(user) for user in users)
    note(data, "before the kill")
    with psycopg.connect(conninfo(data)) as open_transaction:
        open_transaction.execute("insert into noted values ('never committed')")
        for process in [*cluster.Cluster(data)._processes(data / "postgres"), *users]:
            process.kill()
        open_transaction.close()
    with Server(data):
        assert noted(data) == ["before the kill"]


def test_a_killed_postmaster_is_replaced_at_once_though_its_children_may_linger(data):
    server = Server(data)
    server.join()
    note(data, "before the kill")
    busy = psycopg.connect(conninfo(data), autocommit=True)
    busy.pgconn.send_query(b"select count(*) from generate_series(1, 1e12::bigint)")
    os.kill(pid_of(data), signal.SIGKILL)
    server.join()
    assert noted(data) == ["before the kill"]
    busy.close()
    server.leave()
    assert not runs(data)


def test_a_server_that_outlived_its_killed_users_is_joined_and_then_stopped(data, start):
    user = start(data)
    assert joined(user)
    user.kill()
    user.wait()
    server = pid_of(data)
    with Server(data):
        assert pid_of(data) == server
    assert not runs(data)


def test_a_start_that_is_killed_in_the_middle_leaves_nothing_in_the_way(data_home, start):
    folder = data_home / "interrupted"
    for pause in (0.15, 0.3, 0.45, 0.6):
        starter = start(folder)
        time.sleep(pause)
        starter.kill()
        starter.wait()
    with Server(folder):
        note(folder, "whole")
        assert noted(folder) == ["whole"]
    assert not list(folder.glob("postgres.new.*"))


@pytest.mark.parametrize("whose", ["another program", "nobody"])
def test_a_pid_file_left_behind_does_not_keep_the_server_from_starting(data, whose):
    with Server(data):
        left = (data / "postgres" / "postmaster.pid").read_text()
        end_everything_in(data)
    sleeper = subprocess.Popen(["sleep", "60"], **_as_server_user())
    try:
        pid = sleeper.pid if whose == "another program" else 2**22 - 7
        lines = left.split("\n")
        (data / "postgres" / "postmaster.pid").write_text("\n".join([str(pid), *lines[1:]]))
        with Server(data):
            assert runs(data)
            assert sleeper.poll() is None
    finally:
        sleeper.kill()
        sleeper.wait()


def _as_server_user() -> dict[str, int]:
    """PostgreSQL takes a pid for alive only where it belongs to its own user."""
    user = cluster._server_user()
    return {"user": user.pw_uid, "group": user.pw_gid} if user else {}


def test_a_fork_keeps_the_server_running_after_its_parent_left(data):
    server = Server(data)
    server.join()
    reads, writes = os.pipe()
    child = subprocess.Popen(["cat"], stdin=reads, stdout=subprocess.DEVNULL)
    forked = os.fork()
    if not forked:
        os.close(writes)
        os.read(reads, 1)
        os._exit(0)
    server.leave()
    still_there = runs(data)
    os.close(writes)
    os.close(reads)
    os.waitpid(forked, 0)
    child.wait()
    assert still_there
    with Server(data):
        pass
    assert not runs(data)


def test_a_folder_of_another_major_version_is_refused_untouched(data):
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseTrouble) as trouble:
        Server(data).join()
    assert "PostgreSQL 16" in trouble.value.what
    assert "PostgreSQL 18" in trouble.value.why
    assert "docs/running.md" in trouble.value.do
    assert (data / "postgres" / "PG_VERSION").read_text() == "16\n"


def folder_of_length(home: Path, length: int) -> Path:
    return home / ("l" * (length - len(os.fsencode(home)) - 1))


def test_the_longest_path_that_a_socket_allows_works(data_home):
    with Server(folder_of_length(data_home, 89)) as server:
        assert runs(server.data)


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made(data_home):
    folder = folder_of_length(data_home, 90)
    with pytest.raises(DatabaseTrouble, match="too long") as trouble:
        Server(folder).join()
    assert "107" in trouble.value.why
    assert not (folder / "postgres").exists()


def test_a_folder_of_another_user_is_refused(data_home):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    folder = data_home / "foreign"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    with pytest.raises(DatabaseTrouble, match="another user") as trouble:
        Server(folder).join()
    assert "root" in trouble.value.why


@pytest.fixture
def disk(data_home: Path) -> Iterator[Callable[..., Path]]:
    """Mount a small disk with given options; unmounted afterwards."""
    mounted: list[Path] = []

    def mount(options: str) -> Path:
        place = data_home / f"disk-{time.monotonic_ns()}"
        place.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"mounting a disk is not permitted here: {done.stderr.strip()}")
        mounted.append(place)
        return place

    yield mount
    for place in mounted:
        subprocess.run(["umount", place], check=True)


def test_a_read_only_disk_is_named_as_such(disk):
    with pytest.raises(DatabaseTrouble) as trouble:
        Server(disk("ro,size=1m")).join()
    assert "cannot be written" in trouble.value.what
    assert "read-only" in trouble.value.why


def test_a_folder_closed_to_us_is_named_as_such(data_home):
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    folder = data_home / "closed"
    folder.mkdir(mode=0o555)
    os.chown(folder, 65534, 65534)
    os.seteuid(65534)
    try:
        with pytest.raises(DatabaseTrouble, match="Permission denied") as trouble:
            Server(folder).join()
    finally:
        os.seteuid(0)
    assert "SANDERLING_DATA" in trouble.value.do


def test_root_is_told_when_the_servers_user_cannot_pass_to_the_folder(data_home):
    if os.geteuid() != 0:
        pytest.skip("only root needs a user of its own for the server")
    walled = data_home / "walled"
    walled.mkdir(mode=0o700)
    with pytest.raises(DatabaseTrouble, match="closed to everyone") as trouble:
        Server(walled / "data").join()
    assert str(walled) in trouble.value.why


def test_a_disk_too_small_for_a_new_database_is_refused_at_once(disk):
    folder = disk("size=20m,mode=711")
    with pytest.raises(DatabaseTrouble, match="The disk is full"):
        Server(folder).join()
    assert not (folder / "postgres").exists()


def test_a_disk_that_fills_up_is_named_and_nothing_is_lost_once_there_is_room(disk):
    folder = disk("size=160m,mode=711")
    with Server(folder):
        note(folder, "before it was full")
    ballast = folder / "ballast"
    with ballast.open("wb") as file:
        file.write(bytes(shutil.disk_usage(folder).free))
    with pytest.raises(DatabaseTrouble, match="The disk is full"):
        Server(folder).join()
    ballast.unlink()
    with Server(folder):
        assert noted(folder) == ["before it was full"]


def test_programs_out_of_the_servers_reach_are_copied_next_to_the_data(data, monkeypatch):
    if os.geteuid() != 0:
        pytest.skip("only root needs a user of its own for the server")
    walled = data.parent / f"walled-programs-{time.monotonic_ns()}"
    walled.mkdir(mode=0o700)
    copy = shutil.copytree(cluster._installed(), walled / "pginstall18")
    subprocess.run(["chmod", "-R", "go-rwx", copy], check=True)
    monkeypatch.setattr(cluster, "_installed", lambda: copy)
    with Server(data):
        program = cluster.Cluster(data).postmaster().exe()
    assert program.startswith(str(data))


def test_a_server_that_cannot_start_says_what_postgresql_said(data):
    (data / "postgres.conf").write_text("work_mem = 'a lot'\n")
    with pytest.raises(DatabaseTrouble, match="does not start") as trouble:
        Server(data).join()
    assert "work_mem" in trouble.value.why
    assert str(data / "postgres.log") in trouble.value.do


def test_the_log_is_bounded_at_every_start(data):
    (data / "postgres.log").write_bytes(b"x" * (cluster.LOG_MAX + 1))
    with Server(data):
        assert (data / "postgres.log").stat().st_size < 10_000
        assert (data / "postgres.log.1").stat().st_size == cluster.LOG_MAX + 1


def test_what_customers_wrote_stays_out_of_the_log(data):
    with Server(data), psycopg.connect(conninfo(data), autocommit=True) as connection:
        connection.execute("create table said (words text primary key)")
        connection.execute("insert into said values ('my card is 4111')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("insert into said values ('my card is 4111')")
    log = (data / "postgres.log").read_text()
    assert "said_pkey" in log
    assert "4111" not in log


def test_an_own_postgresql_is_used_and_no_other_is_started(data, data_home):
    with Server(data):
        with ready(data=data_home / "untouched", url=conninfo(data)):
            pass
        assert not (data_home / "untouched").exists()


def test_an_own_postgresql_that_is_not_there_is_said_without_the_password():
    with pytest.raises(DatabaseTrouble, match="cannot be reached") as trouble:
        check_own("postgresql://desk:hidden-word@127.0.0.1:9/desk")
    assert "hidden-word" not in str(trouble.value)
    assert "DATABASE_URL" in trouble.value.do


def test_an_own_database_that_cannot_hold_every_script_is_refused(data):
    with Server(data):
        with psycopg.connect(conninfo(data), autocommit=True) as connection:
            connection.execute(
                "create database latin encoding 'LATIN1' locale 'C' locale_provider libc"
                " template template0"
            )
        with pytest.raises(DatabaseTrouble, match="LATIN1"):
            check_own(psycopg.conninfo.make_conninfo(conninfo(data), dbname="latin"))
