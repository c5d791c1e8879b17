/* The one clock of a page: it moves every ring, age and countdown, corrected by the server's time.
   The words and limits are those of wording.py. */

const root = document.documentElement;
const ahead = Number(root.dataset.now) - Date.now();
const MINUTE = 60, HOUR = 3600, DAY = 86400;

/** The server's time, in milliseconds. */
export const now = () => Date.now() + ahead;

/** A length of time in one figure: 12s, 8m, 3h, 2d. */
export function short(seconds) {
  const s = Math.max(1, Math.round(seconds));
  if (s < MINUTE) return `${s}s`;
  if (s < HOUR) return `${Math.floor(s / MINUTE)}m`;
  if (s < 2 * DAY) return `${Math.floor(s / HOUR)}h`;
  return `${Math.floor(s / DAY)}d`;
}

const many = (n, one) => `${n} ${one}${n === 1 ? "" : "s"}`;

/** A length of time for a sentence. */
export function inWords(seconds) {
  const minutes = Math.max(1, Math.round(Math.abs(seconds) / MINUTE));
  if (minutes < 60) return many(minutes, "minute");
  if (minutes < 48 * 60) return many(Math.floor(minutes / 60), "hour");
  return many(Math.floor(minutes / (24 * 60)), "day");
}

function look(left, share) {
  if (left <= 0) return "over";
  return share <= 25 ? "risk" : share <= 40 ? "soon" : "ok";
}

function says(left, act) {
  const to = act ? ` to ${act}` : "";
  return left <= 0 ? `${inWords(left)} past the time${to}` : `${inWords(left)} left${to}`;
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
