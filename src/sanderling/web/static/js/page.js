/* What every page needs: taste, dialogs, menus, acts, notices, keys, and the live stream.
   Everything also works without this script, by links and plain forms. */
import { follow } from "./live.js";
import { now, told } from "./clock.js";
import { onWaking } from "./waking.js";
import { clockTime, say } from "./words.js";
import { Idiomorph } from "../vendor/idiomorph@0.8.0/idiomorph.min.js";

export const $ = (selector, from = document) => from.querySelector(selector);
export const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];
export const root = document.documentElement;
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/* ── talking to the desk ─────────────────────────────────────────── */

/** Something the desk will not do; `why` is a list of sentences. */
export class Refusal extends Error {
  constructor({ why = [say("The desk did not answer. Nothing was changed.")], ...facts } = {}) {
    super(why.join(" "));
    Object.assign(this, { why, facts });
  }
}

/** An act was sent and no answer came, so nobody here knows whether it was done. */
const unsure = () => ({ why: [say("The desk did not answer. Look whether it is done before you do it again.")], unsure: true });

async function ask(path, options = {}) {
  const headers = { "X-Desk": "1", ...options.headers };
  let answer;
  try {
    answer = await fetch(path, { ...options, headers, redirect: "follow" });
  } catch {
    throw new Refusal({ lost: true, ...(options.method && navigator.onLine ? unsure() : {}) });
  }
  told(answer.headers.get("Date"));
  if (answer.status === 401) {
    location.href = `/signin/?next=${encodeURIComponent(location.pathname + location.search)}`;
    await new Promise(() => {});
  }
  if (!answer.ok) {
    const json = answer.headers.get("Content-Type")?.includes("json");
    throw new Refusal(json ? await answer.json() : {});
  }
  return answer;
}

/** A part of a page, as HTML. */
export const part = async (path) => (await ask(path)).text();

/** An act that answers with a part of a page, as HTML. */
export async function actForPart(path, fields) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
  return (await ask(path, { method: "POST", body })).text();
}

/** An act: posts `fields` and returns what the desk says. */
export async function act(path, fields) {
  const body = new URLSearchParams(fields);
  body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
  return (await ask(path, { method: "POST", body })).json();
}

/** At once, then no more often than every `gap` ms; calls in between are one call at the end. */
export function calmly(work, gap) {
  let running = false, again = false;
  return async function pull() {
    if (running) return void (again = true);
    running = true;
    do {
      again = false;
      await Promise.all([Promise.resolve(work()).catch(() => {}), sleep(gap)]);
    } while (again);
    running = false;
  };
}

/** Change `old` into the first element of `html`, in place: focus, selection and scroll survive. */
export function morph(old, html, { keep = () => false } = {}) {
  const fresh = typeof html === "string" ? element(html) : html;
  Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    ignoreActiveValue: document.activeElement.matches("input, textarea, select"), // else its children would be left out
    callbacks: {
      beforeNodeMorphed: (node) => !(node.nodeType === 1 && (node.matches("[data-keep]") || keep(node))),
      beforeAttributeUpdated: (name, node) => !(name === "open" && node.matches("details")), // the reader's
    },
  });
}

export function element(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}

/* ── saying ──────────────────────────────────────────────────────── */

let saidAt = 0, toSay = [];

/** Tell a screen reader: at most one sentence in ten seconds, unless the agent just acted. */
export function speak(sentence, { atOnce = true } = {}) {
  if (atOnce) {
    saidAt = Date.now();
    toSay = [];
    $("#say").textContent = sentence;
    return;
  }
  toSay = [sentence];
  const wait = Math.max(0, saidAt + 10_000 - Date.now());
  setTimeout(() => {
    if (toSay.length) speak(toSay[0]);
  }, wait);
}

/** A short notice at the foot of the list; gives its element, which goes after `lasts` ms. */
export function notice(sentence, { bad = false, lasts = bad ? 10_000 : 4_000 } = {}) {
  const toast = $("#plain-toast").content.firstElementChild.cloneNode(true);
  $("b", toast).textContent = sentence;
  if (bad) toast.classList.add("toast--bad");
  $("#toasts").append(toast);
  speak(sentence);
  setTimeout(() => toast.remove(), lasts);
  return toast;
}

export const complain = (error) => notice(error.message, { bad: true });

/** Ask before something is done; resolves to true or false. */
export function sure(title, why, yes) {
  const dialog = $("#ask");
  $("#ask-h").textContent = title;
  $("#ask-p").textContent = why;
  $("#ask-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) =>
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }),
  );
}

/* ── taste: attributes on <html>, kept in cookies so that the server writes them next time ── */

const dark = matchMedia("(prefers-color-scheme: dark)");
const remember = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

/** Keep what the agent likes, for every device of theirs. What is lost stays so in this browser. */
export const like = (liked) => act("/settings/taste/", liked).catch(() => {});

function prefer(name, value) {
  root.dataset[name] = value;
  remember(name, value);
  if (name !== "side") like({ [name]: value });
}

const zone = root.dataset.zone || Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`zone=${zone}`)) remember("zone", zone);

const TASTE = {
  theme: () => {
    const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
    prefer("theme", isDark ? "light" : "dark");
  },
  density: () => prefer("density", root.dataset.density === "compact" ? "comfortable" : "compact"),
  side: () => {
    const rail = $(".side").offsetWidth < 96;
    prefer("side", rail ? "open" : "folded");
  },
  cust: () => {
    const desk = $(".desk");
    if (!desk || !$(".cust")) return;
    const shown = getComputedStyle($(".cust")).display !== "none";
    desk.dataset.cust = shown ? "off" : "on";
    remember("cust", desk.dataset.cust);
  },
};

/* ── dialogs and menus ───────────────────────────────────────────── */

export function open(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  for (const menu of $$("[popover]:popover-open")) menu.hidePopover();
  dialog.showModal();
}

addEventListener("click", (event) => {
  const t = event.target.closest("[data-theme-toggle],[data-density-toggle],[data-fold],[data-cust],[data-open],[data-close]");
  if (!t || t.matches(".desk, .panes")) return;
  if (t.matches("[data-theme-toggle]")) TASTE.theme();
  if (t.matches("[data-density-toggle]")) TASTE.density();
  if (t.matches("[data-fold]")) TASTE.side();
  if (t.matches("[data-cust]")) TASTE.cust();
  if (t.dataset.open) {
    event.preventDefault();
    open(t.dataset.open);
  }
  if (t.matches("[data-close]")) {
    event.preventDefault();
    t.closest("dialog").close();
  }
});

addEventListener("toggle", (event) => {
  if (event.target.matches?.(".menu") && event.newState === "open")
    $(".menu__i", event.target)?.focus({ focusVisible: false });
}, true);

addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!menu || !step) return;
  event.preventDefault();
  const items = $$(".menu__i", menu);
  items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
});

/* ── acts: forms that are sent without leaving the page ──────────── */

const doing = new Map();

/** What follows on an act, by the form's data-act: `after(answer, form)`. */
export const afterAct = (name, after) => doing.set(name, after);

addEventListener("submit", async (event) => {
  const form = event.target, after = doing.get(form.dataset.act);
  if (!after) return;
  event.preventDefault();
  const { submitter } = event;
  const warning = submitter?.dataset.sure;
  if (warning && !(await sure(say("Are you sure?"), warning, submitter.dataset.yes))) return;
  const path = submitter?.getAttribute("formaction") || form.action;
  try {
    const answer = await act(path, new FormData(form, submitter));
    form.closest("[popover]:popover-open")?.hidePopover();
    form.closest("dialog[open]")?.close();
    if (answer.says) speak(answer.says);
    await after(answer, form);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const spoken = form.dispatchEvent(new CustomEvent("refused", { detail: error, cancelable: true, bubbles: true }));
    if (spoken) complain(error);
  }
});

/* ── keys: single letters rest while somebody types ──────────────── */

const keys = new Map();
let chord = "";

/** Call `work` on a key, written as KeyboardEvent.key gives it; "g d" is one after the other. */
export const onKey = (key, work) => keys.set(key, work);
/** What a key does on this page; undefined if nothing. */
export const bound = (key) => keys.get(key);

const TYPES = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";
export const lettersOff = () => root.dataset.letters === "off";

addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (event.target.matches(TYPES) || $("dialog:modal") || (event.key.length === 1 && lettersOff())) return;
  const pressed = chord + event.key;
  chord = "";
  if (event.key === "g" && !pressed.startsWith("g g")) {
    chord = "g ";
    setTimeout(() => (chord = ""), 900);
    return;
  }
  const work = keys.get(pressed);
  if (work && work(event) !== false) event.preventDefault();
});

onKey("?", () => open("keys"));
onKey("[", TASTE.side);
onKey("]", TASTE.cust);
onKey("D", TASTE.density);

/* ── being at work: said in the menu, and seen by using a page ───── */

afterAct("be", ({ state }) => {
  for (const button of $$("#me-menu [name=state]")) button.setAttribute("aria-pressed", button.value === state);
  $$("#me-menu [name=state] .i.end").forEach((mark) => mark.remove());
  $(".me__btn .dot").className = `dot dot--${state}`;
});

let usedAt = Date.now();
for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"])
  addEventListener(kind, () => {
    if (Date.now() - usedAt < 60_000) return;
    usedAt = Date.now();
    act("/people/seen/", {}).catch(() => {}); // what is lost is said again in a minute
  }, { passive: true });

const letters = $("[data-keys]");
letters.checked = !lettersOff();
letters.addEventListener("change", () => {
  root.dataset.letters = letters.checked ? "on" : "off";
  like({ letters: letters.checked ? "yes" : "no" });
});

/* ── live ────────────────────────────────────────────────────────── */

let lostAt = 0;

let lastAlert = 0, lastStep = 0;

/** What is about to break, or broke: said once, by the tab that is looked at. */
const pullAlerts = calmly(async () => {
  const { alerts, last, step } = await (await ask(`/alerts?since=${root.dataset.now}&after=${lastAlert}&step=${lastStep}`)).json();
  lastAlert = Math.max(lastAlert, last);
  lastStep = Math.max(lastStep, step);
  if (document.hidden) return;
  for (const { to, says, more } of alerts) {
    const toast = notice(says, { bad: true, lasts: 15_000 });
    const link = document.createElement("a");
    link.href = to;
    link.textContent = more;
    $("p", toast).append(link);
  }
}, 2_000);

const pullApprovals = calmly(async () => {
  const page = $("#nav-approvals [aria-current]") ? "approvals" : "";
  morph($("#nav-approvals"), await part(`/approvals/badge?page=${page}`));
}, 1000);

const pullIncidents = calmly(async () => {
  const page = $("#way-incidents [aria-current]") ? "incidents" : "";
  morph($("#way-incidents"), await part(`/incidents/badge?page=${page}`));
}, 1000);

const hearing = [];

/** Calls `work` when every script of the page has run. Those that wait for the words of a language
    all go on together, and that may be after the page counts as loaded. */
function onceAllRan(work) {
  const [visit] = performance.getEntriesByType("navigation");
  if (visit?.domContentLoadedEventStart) setTimeout(work);
  else addEventListener("DOMContentLoaded", work);
}

/** Calls `hear(topics)` with a Set of what changed; it holds "*" when anything may have. To be
    called while the page is loaded: nobody listens before all do. */
export const onLive = (hear) => hearing.push(hear);

onceAllRan(() => {
  const hear = (topics) => hearing.forEach((one) => one(topics));
  const retry = follow(({ topics, alive }) => {
    if (topics) {
      const changed = new Set(topics);
      hear(changed);
      if (changed.has("alerts") || changed.has("*")) pullAlerts();
      if (changed.has("approvals") || changed.has("*")) pullApprovals();
      if (changed.has("incidents") || changed.has("*")) pullIncidents();
    }
    if (alive === true) found();
    if (alive === false && !lostAt) lost();
  });
  const again = () => {
    retry();
    hear(new Set(["*"]));
  };
  $("[data-retry]")?.addEventListener("click", again);
  addEventListener("online", again);
  addEventListener("offline", () => lost(0));
  onWaking(again);
});

let saying = 0;

/** The desk is out of reach; said after `patience` ms, for it may be back at once. */
function lost(patience = 10_000) {
  lostAt ||= now();
  clearTimeout(saying);
  saying = setTimeout(sayLost, patience);
}

function sayLost() {
  root.dataset.lost = "";
  if (!$("#lost")) return;
  $("#lost b").textContent = say("You see the desk as it was at {time}.", { time: clockTime(lostAt) });
  $("#lost span").textContent = navigator.onLine
    ? say("Live updates stopped; they are being tried again. Sending still works.")
    : say("This device has no line. What you write is kept in this browser.");
  $("#lost").hidden = false;
}

function found() {
  if (!navigator.onLine) return;
  clearTimeout(saying);
  lostAt = 0;
  delete root.dataset.lost;
  if ($("#lost")) $("#lost").hidden = true;
}

for (const hidden of $$("[data-pause]")) hidden.hidden = false;
root.dataset.script = "";
