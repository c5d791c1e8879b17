/* For you: the lists stand still while somebody writes in them, and follow what happens. */
import { $, afterAct, calmly, morph, notice, onLive, part, root } from "./page.js";
import { attend } from "./attending.js";

const keep = (node) => node.matches?.("details[open]:has(form), form:has(input:focus)");
const typing = () => [...document.querySelectorAll("#waiting input[type=text]")].some((box) => box.value);

$(".tabs [aria-current]").scrollIntoView({ block: "nearest", inline: "center" });

const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part(location.pathname + location.search), "text/html");
  const fresh = there.getElementById("waiting");
  if (fresh && !typing()) morph($("#waiting"), fresh, { keep });
}, 1000);

afterAct("matter", (answer, form) => {
  form.reset();
  form.closest("details")?.removeAttribute("open");
  notice(answer.says);
  look();
});

onLive((topics) => {
  attend(topics);
  if (topics.has("*") || topics.has("queues") || topics.has(`agent-${root.dataset.agent}`)) look();
});
