/* Approvals: a list that stays current while someone decides, and keys that only a chord sends. */
import { $, $$, act, afterAct, calmly, complain, morph, notice, onKey, onLive, part, sure } from "./page.js";
import { say } from "./words.js";

const keep = (node) => node.matches?.("details[open]");

const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part("/approvals/"), "text/html");
  morph($("#approvals"), there.getElementById("approvals"), { keep });
}, 500);

async function decided(answer) {
  notice(answer.says);
  await look();
  if (document.activeElement === document.body) $(".wait[tabindex]")?.focus();
}

afterAct("approval", decided);

/** What speaks against an edited text may be overruled by who approves it. */
addEventListener("refused", async (event) => {
  const { message, facts } = event.detail;
  if (!event.target.matches("[data-act=approval]") || !facts.ask) return;
  event.preventDefault();
  if (!(await sure(say("One question first"), message, facts.ask))) return;
  const body = new FormData(event.target);
  body.set("act", "approve");
  for (const rule of facts.confirmed) body.append("confirmed", rule);
  act(event.target.action, body).then(decided).catch(complain);
});

onLive((topics) => (topics.has("*") || topics.has("approvals")) && look());

const here = () => document.activeElement.closest?.(".wait[tabindex]");

function step(by) {
  const all = $$(".wait[tabindex]");
  const at = all.indexOf(here());
  all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

function unfold(which) {
  const details = $(which, here() ?? $(".wait[tabindex]") ?? document);
  if (!details) return false;
  details.open = true;
  $("textarea", details).focus();
}

onKey("j", () => step(1));
onKey("k", () => step(-1));
onKey("e", () => unfold(".wait__edit"));
onKey("b", () => unfold(".wait__back"));

addEventListener("keydown", (event) => {
  const wait = here();
  if (!wait || event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  const back = event.target.matches("[name=note]") ? "[value=send-back]" : "[value=approve]";
  $(`form [name=act]${back}`, wait)?.click();
});
