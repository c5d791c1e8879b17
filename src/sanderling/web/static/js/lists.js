/* Lists and causes: the page as it is by now, after an act and as things happen. */
import { $, afterAct, calmly, morph, notice, onLive, part } from "./page.js";

const keep = (node) => node.matches?.("details[open]:has(form)");

const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part(location.pathname + location.search), "text/html");
  const fresh = there.getElementById("lists");
  if (fresh) morph($("#lists"), fresh, { keep });
}, 1000);

afterAct("cause", (answer, form) => {
  notice(answer.says);
  form.closest("details")?.removeAttribute("open");
  form.reset();
  look();
});

onLive((topics) => {
  if (topics.has("*") || topics.has("queues")) look();
});
