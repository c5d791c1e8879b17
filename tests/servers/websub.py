"""A real WebSub hub (flask-websub) on this machine.

with websub_hub(folder) as hub:
    hub.url                    # where subscribers ask
    hub.publish(topic)         # it fetches the topic and pushes it to who subscribed
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import celery
import flask
import httpx
from flask_websub.hub import Hub, SQLite3HubStorage
from werkzeug.serving import make_server


@dataclass(frozen=True)
class WebSubHub:
    """`url` is the hub's address."""

    url: str

    def publish(self, topic: str) -> None:
        """Tell the hub that `topic` has changed; it has pushed when this returns."""
        form = {"hub.mode": "publish", "hub.topic": topic}
        httpx.post(self.url, data=form, trust_env=False, timeout=20).raise_for_status()


@contextmanager
def websub_hub(folder: Path, **config: object) -> Iterator[WebSubHub]:
    """A hub that signs by `SIGNATURE_ALGORITHM`; its subscribers lie in `folder`."""
    tasks = celery.Celery("hub", broker="memory://", set_as_current=False)
    tasks.conf.task_always_eager = True
    app = flask.Flask("hub")
    app.config["PUBLISH_SUPPORTED"] = True
    hub = Hub(SQLite3HubStorage(str(folder / "hub.sqlite3")), tasks, **config)
    app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield WebSubHub(f"http://127.0.0.1:{server.server_port}/hub")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
