/* The shared worker: one stream for all tabs of a browser. */
import { Stream } from "./stream.js";

const ports = new Set();
const stream = new Stream((message) => {
  for (const port of ports) port.postMessage(message);
});

addEventListener("connect", (event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.since) {
      ports.add(port);
      stream.join(data.since, (message) => port.postMessage(message));
    }
    if (data.retry) stream.retry();
    if (data.bye) ports.delete(port);
  };
});
