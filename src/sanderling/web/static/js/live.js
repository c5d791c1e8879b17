/* Hearing what changed, with one stream for all tabs of a browser: through a shared worker; where
   there is none, through the tab that holds the lock; where there are no locks, by each tab alone. */
import { Stream } from "./stream.js";

const root = document.documentElement;

/** Calls `hear({topics})` and `hear({alive})`; returns a function that tries again at once. */
export function follow(hear) {
  const since = Number(root.dataset.now);
  if (window.SharedWorker) return throughWorker(since, hear);
  if (navigator.locks && window.BroadcastChannel) return throughLeader(since, hear);
  const stream = new Stream(hear);
  stream.join(since, hear);
  return () => stream.retry();
}

function throughWorker(since, hear) {
  const { port } = new SharedWorker(root.dataset.live, { type: "module", name: "sanderling-live" });
  port.onmessage = ({ data }) => hear(data);
  port.postMessage({ since });
  addEventListener("pagehide", () => port.postMessage({ bye: true }));
  addEventListener("pageshow", (event) => event.persisted && port.postMessage({ since }));
  return () => port.postMessage({ retry: true });
}

function throughLeader(since, hear) {
  const channel = new BroadcastChannel("sanderling-live");
  let stream = null;
  channel.onmessage = ({ data }) => {
    if (data.join && stream) stream.join(data.join, (message) => channel.postMessage(message));
    else if (data.retry && stream) stream.retry();
    else if (data.topics || "alive" in data) hear(data);
  };
  channel.postMessage({ join: since });
  navigator.locks.request("sanderling-live", () => {
    const tell = (message) => {
      hear(message);
      channel.postMessage(message);
    };
    stream = new Stream(tell);
    stream.join(since, hear);
    return new Promise(() => {}); // the tab leads until it is closed
  });
  return () => (stream ? stream.retry() : channel.postMessage({ retry: true }));
}
