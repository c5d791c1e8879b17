/* The room of an incident: looked at again, once a second at most, while things happen; who writes what,
   every five seconds. What somebody types, chooses or has unfolded stays as it is. */
import { $, afterAct, calmly, morph, notice, onLive, part } from "./page.js";
import { charts } from "./chart.js";
import { say } from "./words.js";

const room = () => $("#room");
const here = () => room().dataset.incident;

/** Somebody has begun to fill in a form. */
const begun = (form) => [...form.elements].some((field) =>
  field.matches("textarea, input:not([type=hidden], [type=submit])") && (field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue));
const keep = (node) => node.matches?.("details[open]:has(form)") || (node.matches?.("form") && begun(node));

export const look = calmly(async () => {
  const there = await part(`/incidents/${here()}/room`);
  morph(room(), there, { keep: (node) => node.id === "room-crowd" || keep(node) });
  document.title = document.title.replace(/^(\(\d+\) )?.*( · Sanderling)$/, (all, risk = "", end) => `${risk}${room().dataset.title}${end}`);
  charts();
}, 1000);

const lookAround = calmly(async () => morph($("#room-crowd"), await part(`/incidents/${here()}/crowd`), { keep }), 5000);

afterAct("incident", (answer, form) => {
  notice(answer.says);
  form.closest("details")?.removeAttribute("open");
  form.reset();
  look();
  lookAround();
});

afterAct("moved", (answer) => void (location.href = answer.to));

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(new URL(button.dataset.copy, location).href);
  notice(say("The address is copied."));
});

/* What a button asks is closed by Escape, and by a click beside it where nothing was typed. */
const asks = () => $("#room-head .more[open]");

addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && asks();
  if (!open) return;
  open.removeAttribute("open");
  $("summary", open).focus();
});
addEventListener("click", (event) => {
  const open = asks();
  if (open && !open.contains(event.target) && !begun($("form", open))) open.removeAttribute("open");
});

const copy = () => navigator.clipboard && $("[data-copy]")?.removeAttribute("hidden");

onLive((topics) => {
  if (!topics.has("*") && !topics.has(`incident-${here()}`)) return;
  look().then(copy);
  lookAround();
});

copy();
charts();
