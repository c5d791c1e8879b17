/* The incidents as they stand by now, after an act and as things happen. */
import { $, afterAct, calmly, morph, notice, onLive, part } from "./page.js";

const keep = (node) => node.matches?.("details[open]:has(select)");

const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part(location.pathname + location.search), "text/html");
  const fresh = there.getElementById("incidents");
  if (fresh) morph($("#incidents"), fresh, { keep });
}, 1000);

afterAct("incident", (answer) => {
  notice(answer.says);
  look();
});

afterAct("open", (answer) => void (location.href = answer.to));

onLive((topics) => (topics.has("*") || topics.has("incidents") || [...topics].some((topic) => topic.startsWith("incident-"))) && look());
