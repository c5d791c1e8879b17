/* The one clock of a page: it moves every ring, age and countdown, corrected by the server's time.
   The words and limits are those of wording.py. */

import { later, many, say } from "./words.js";

const root = document.documentElement;
let ahead = Number(root.dataset.now) - Date.now();
const OFF = 15_000; // ms by which this machine's clock may drift before the server is believed again
const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** The server's time, in milliseconds. */
export const now = () => Date.now() + ahead;

/** The server said what time it is, in whole seconds: this machine's clock may have been set, or have slept. */
export function told(date) {
  const found = Date.parse(date) - Date.now();
  if (Math.abs(found - ahead) > OFF) ahead = found;
}

/** A length of time in one figure: 12s, 8m, 3h, 2d. */
export function short(seconds) {
  const s = Math.max(1, Math.round(seconds));
  if (s < MINUTE) return say("{n}s", { n: s });
  if (s < HOUR) return say("{n}m", { n: Math.floor(s / MINUTE) });
  if (s < 2 * DAY) return say("{n}h", { n: Math.floor(s / HOUR) });
  return say("{n}d", { n: Math.floor(s / DAY) });
}

/** A length of time for a sentence. */
export function inWords(seconds) {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / MINUTE));
  if (minutes < 60) return many("{n} minute", "{n} minutes", minutes);
  if (minutes < 48 * 60) return many("{n} hour", "{n} hours", Math.floor(minutes / 60));
  return many("{n} day", "{n} days", Math.floor(minutes / (24 * 60)));
}

function look(left, share) {
  if (left <= 0) return "over";
  return share <= 25 ? "risk" : share <= 40 ? "soon" : "ok";
}

const LEFT = {
  none: later("{length} left"),
  acknowledge: later("{length} left to acknowledge"),
  answer: later("{length} left to answer"),
  solve: later("{length} left to solve"),
  "follow up": later("{length} left to follow up"),
};
const PAST = {
  none: later("{length} past the time"),
  acknowledge: later("{length} past the time to acknowledge"),
  answer: later("{length} past the time to answer"),
  solve: later("{length} past the time to solve"),
  "follow up": later("{length} past the time to follow up"),
};

function says(left, act) {
  const length = inWords(left);
  const sentences = left <= 0 ? PAST : LEFT;
  return say(sentences[act] ?? sentences.none, { length });
}

function set(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function drawDue(node, moment) {
  const { due, from, act } = node.dataset;
  const left = (due - moment) / 1000;
  const share = Math.min(100, Math.round((100 * left) / Math.max((due - from) / 1000, left)));
  const [kind] = node.classList;
  node.className = `${kind} ${kind}--${look(left, share)}`;
  const sentence = says(left, act);
  if (kind !== "ring") return set(node.querySelector("b"), sentence);
  node.style.setProperty("--left", left <= 0 ? 100 : share);
  set(node.querySelector("b"), left <= 0 ? `+${short(-left)}` : short(left));
  if (node.getAttribute("aria-label") !== sentence) node.setAttribute("aria-label", sentence);
}

function tick() {
  if (document.hidden || "lost" in root.dataset) return;
  const moment = now();
  for (const node of document.querySelectorAll("[data-due]")) drawDue(node, moment);
  for (const node of document.querySelectorAll("[data-ago]"))
    set(node, short((moment - node.dataset.ago) / 1000));
  for (const node of document.querySelectorAll("[data-leaves]"))
    set(node, short((node.dataset.leaves - moment) / 1000));
}

setInterval(tick, 1000);
document.addEventListener("visibilitychange", tick);
