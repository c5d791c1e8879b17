/* The Deck: columns that run by themselves, and stand still while somebody reads them. */
import {
  $, $$, act, afterAct, calmly, complain, element, morph, notice, onKey, onLive, part, root, speak,
} from "./page.js";
import { attend } from "./attending.js";
import { onCorrected } from "./judging.js";
import { openSheet } from "./querying.js";
import { later, many, say } from "./words.js";

const cols = $("#cols");
const paused = () => "paused" in root.dataset;
const reading = (col) => paused() || col.matches(":hover") || col.contains(document.activeElement) || $(".col__feed", col).scrollTop > 8;
const feed = (col) => $(".col__feed", col);
const keep = (node) => node.matches?.("[data-waiting]");

/* ── new posts ───────────────────────────────────────────────────── */

const pulls = new Map();

function pull(id) {
  if (!pulls.has(id)) pulls.set(id, calmly(() => pullColumn(id), 1000));
  pulls.get(id)();
}

const missed = new Set(); // columns that changed while nobody looked at this tab

addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  for (const id of missed) pull(id);
  missed.clear();
});

async function pullColumn(id) {
  const col = document.getElementById(`column-${id}`);
  if (!col) return;
  if (document.hidden) return void missed.add(id);
  const n = Math.max(20, $$(".tw", col).length);
  const there = element(await part(`/deck/columns/${id}?n=${n}`));
  const here = new Set($$(".tw", col).map((post) => post.id));
  const arrived = $$(".tw", there).filter((post) => !here.has(post.id));
  morph($(".col__head", col), $(".col__head", there).cloneNode(true), { keep });
  if (arrived.length && here.size && reading(col)) {
    const oldest = Number($$(".tw", there).at(-1)?.dataset.post ?? 0);
    for (const post of $$(".tw", col)) {
      const now = $(`#${post.id}`, there);
      if (now) morph(post, now.cloneNode(true));
      else if (Number(post.dataset.post) > oldest) leave(post);
    }
    return wait(col, there, arrived.length);
  }
  enter(col, there, arrived);
}

function wait(col, there, n) {
  const bar = $("[data-waiting]", col), button = $("button", bar);
  bar.hidden = false;
  feed(col).setAttribute("aria-busy", "true");
  button.textContent = many("{n} waiting", "{n} waiting", n);
  button.onclick = () => {
    enter(col, there, $$(".tw", there).filter((post) => !document.getElementById(post.id)));
    feed(col).scrollTop = 0;
    $(".tw", col)?.focus();
  };
}

/** Takes a post out; the focus that was in it goes to the next one. */
function leave(post) {
  if (post.contains(document.activeElement)) (post.nextElementSibling ?? post.previousElementSibling ?? post.parentElement).focus();
  post.remove();
}

function enter(col, there, arrived) {
  $("[data-waiting]", col).hidden = true;
  feed(col).setAttribute("aria-busy", "false");
  const old = $$(".tw", col).length;
  for (const post of arrived) if (old) post.classList.add("tw--new");
  for (const post of $$(".tw", col)) if (!$(`#${post.id}`, there)) leave(post);
  morph(feed(col), feed(there), { keep });
}

cols.addEventListener("pointerleave", resume, true);
cols.addEventListener("focusout", resume);

function resume() {
  setTimeout(() => {
    for (const col of $$(".col")) if (!$("[data-waiting]", col).hidden && !reading(col)) pull(col.dataset.column);
  }, 50);
}

/* older posts, when one reads down */
cols.addEventListener("scroll", async (event) => {
  const box = event.target, col = box.closest?.(".col");
  if (!box.matches?.(".col__feed") || col.dataset.older || box.scrollHeight - box.scrollTop - box.clientHeight > 200) return;
  const last = $$(".tw", box).at(-1);
  if (!last || $$(".tw", box).length >= 120) return;
  col.dataset.older = "asked";
  try {
    const there = element(await part(`/deck/columns/${col.dataset.column}?before=${last.dataset.post}`));
    const more = $$(".tw", there);
    box.append(...more);
    if (more.length) delete col.dataset.older;
  } catch {
    delete col.dataset.older;
  }
}, true);

/* ── acts ────────────────────────────────────────────────────────── */

const pullAll = () => $$(".col").forEach((col) => pull(col.dataset.column));

afterAct("post", (answer, form) => {
  const post = form.closest(".tw");
  if (post && answer.undo) leave(post);
  undoable(answer);
  pullAll();
});

/** Says what was done, with a button to undo it where that can be. */
function undoable({ says, undo }) {
  const toast = notice(says, { lasts: undo ? 10_000 : 4_000 });
  if (!undo) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn--sm toast__undo", textContent: say("Undo") });
  button.onclick = async () => {
    toast.remove();
    await act(undo, {}).then(({ says }) => notice(says), complain);
    pullAll();
  };
  toast.append(button);
}

onCorrected(pullAll);

afterAct("column", () => {
  pullDeck();
  pullAll();
});
afterAct("deck", ({ to }) => (location.href = to));

const pullDeck = calmly(async () => {
  const holder = new DOMParser().parseFromString(await part(location.pathname), "text/html");
  morph(cols, holder.querySelector("#cols"), { keep });
  morph($("#live"), holder.querySelector("#live"));
}, 1000);

$("[data-pause]").addEventListener("click", pause);

function pause() {
  const on = !paused();
  if (on) root.dataset.paused = "";
  else delete root.dataset.paused;
  const button = $("[data-pause]");
  button.setAttribute("aria-pressed", on);
  $("span", button).textContent = on ? say("Go on") : say("Pause all");
  speak(on ? say("All columns are paused.") : say("All columns run again."));
  if (!on) pullAll();
}

/* ── columns change places: by the grip's arrow keys, or by dragging it ── */

async function move(col) {
  const to = $$(".col").indexOf(col);
  speak(say("Column {name} is now number {place}", { name: $("h2", col).textContent, place: to + 1 }));
  await act(`/deck/columns/${col.dataset.column}/move/`, { to }).catch(complain);
}

cols.addEventListener("keydown", (event) => {
  const grip = event.target.closest(".col__grip"), col = event.target.closest(".col");
  const ltr = getComputedStyle(cols).direction === "ltr" ? 1 : -1;
  const by = { ArrowLeft: -ltr, ArrowRight: ltr }[event.key];
  if (!grip || !by) return;
  event.preventDefault();
  if (event.shiftKey) return resize(col, by * ltr);
  const beside = by > 0 ? col.nextElementSibling : col.previousElementSibling;
  if (!beside) return;
  if (by > 0) beside.after(col);
  else beside.before(col);
  grip.focus();
  move(col);
});

const WIDTHS = ["narrow", "usual", "wide"];
const RESIZED = {
  narrow: later("Column {name} is narrow now"),
  usual: later("Column {name} is usual now"),
  wide: later("Column {name} is wide now"),
};

async function resize(col, by) {
  const width = WIDTHS[WIDTHS.indexOf(col.dataset.width) + by];
  if (!width) return;
  col.dataset.width = width;
  speak(say(RESIZED[width], { name: $("h2", col).textContent }));
  await act(`/deck/columns/${col.dataset.column}/resize/`, { width }).catch(complain);
}

cols.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest(".col__grip");
  if (grip) grip.closest(".col").draggable = true;
});
cols.addEventListener("dragstart", (event) => event.target.classList?.add("is-dragging"));
cols.addEventListener("dragover", (event) => {
  const moving = $(".col.is-dragging"), col = event.target.closest(".col");
  if (!moving || !col || col === moving) return;
  event.preventDefault();
  const r = col.getBoundingClientRect(), ltr = getComputedStyle(cols).direction === "ltr";
  if (event.clientX < r.x + r.width / 2 === ltr) col.before(moving);
  else col.after(moving);
});
cols.addEventListener("dragend", (event) => {
  const col = event.target.closest(".col");
  col.classList.remove("is-dragging");
  col.draggable = false;
  move(col);
});

/* ── keys ────────────────────────────────────────────────────────── */

const post = () => document.activeElement.closest?.(".tw");
const column = () => document.activeElement.closest?.(".col") ?? $(".col");

function along(by) {
  const all = $$(".tw", column());
  const at = all.indexOf(post());
  all[at < 0 ? 0 : Math.max(0, Math.min(all.length - 1, at + by))]?.focus();
}

function across(by) {
  const all = $$(".col");
  const to = all[all.indexOf(column()) + by];
  to?.scrollIntoView({ inline: "nearest" });
  ($(".tw", to ?? column()) ?? feed(to ?? column()))?.focus();
}

onKey("ArrowDown", () => along(1));
onKey("ArrowUp", () => along(-1));
onKey("j", () => along(1));
onKey("k", () => along(-1));
onKey("ArrowRight", () => across(1));
onKey("ArrowLeft", () => across(-1));
/** Presses a button of the post that has the focus. */
const press = (what) => () => {
  const button = post() && $(`[data-do=${what}]`, post());
  if (!button) return false;
  button.form.requestSubmit(button);
};

onKey("c", press("case"));
onKey("l", press("like"));
onKey("e", press("ignore"));
onKey("m", () => {
  const link = post() && $(".tw__acts [data-sheet]", post());
  if (!link) return false;
  openSheet(link.href);
});
onKey(" ", (event) => (event.target.closest("button, a, input, summary") ? false : pause()));

/* ── live ────────────────────────────────────────────────────────── */

onLive((topics) => {
  attend(topics);
  if (topics.has("columns") || topics.has("*")) pullDeck();
  for (const col of $$(".col")) if (topics.has(`column-${col.dataset.column}`)) pull(col.dataset.column);
});
