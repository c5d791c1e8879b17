/* The Deck: columns that run by themselves, and stand still while somebody reads them. */
import {
  $, $$, act, afterAct, calmly, complain, element, morph, notice, onKey, onLive, part, root, say,
} from "./page.js";
import { onCorrected } from "./judging.js";

const cols = $("#cols");
const paused = () => "paused" in root.dataset;
const reading = (col) => paused() || col.matches(":hover") || col.contains(document.activeElement) || $(".col__feed", col).scrollTop > 8;
const feed = (col) => $(".col__feed", col);
const keep = (node) => node.matches?.("dialog[open], .colform, [data-waiting]");

/* ── new posts ───────────────────────────────────────────────────── */

const pulls = new Map();

function pull(id) {
  if (!pulls.has(id)) pulls.set(id, calmly(() => pullColumn(id), 1000));
  pulls.get(id)();
}

async function pullColumn(id) {
  const col = document.getElementById(`column-${id}`);
  if (!col) return;
  const n = Math.max(30, $$(".tw", col).length);
  const there = element(await part(`/deck/columns/${id}?n=${n}`));
  const here = new Set($$(".tw", col).map((post) => post.id));
  const arrived = $$(".tw", there).filter((post) => !here.has(post.id));
  morph($(".col__head", col), $(".col__head", there).cloneNode(true), { keep });
  if (arrived.length && here.size && reading(col)) {
    for (const post of $$(".tw", col)) {
      const now = $(`#${post.id}`, there);
      if (now) morph(post, now.cloneNode(true));
    }
    return wait(col, there, arrived.length);
  }
  enter(col, there, arrived);
}

function wait(col, there, n) {
  const bar = $("[data-waiting]", col), button = $("button", bar);
  bar.hidden = false;
  feed(col).setAttribute("aria-busy", "true");
  button.textContent = `${n} waiting`;
  button.onclick = () => {
    enter(col, there, $$(".tw", there).filter((post) => !document.getElementById(post.id)));
    feed(col).scrollTop = 0;
    $(".tw", col)?.focus();
  };
}

function enter(col, there, arrived) {
  $("[data-waiting]", col).hidden = true;
  feed(col).setAttribute("aria-busy", "false");
  const old = $$(".tw", col).length;
  for (const post of arrived) if (old) post.classList.add("tw--new");
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

afterAct("make-case", (answer, form) => {
  notice(answer.says);
  pull(form.closest(".col").dataset.column);
  for (const col of $$(".col")) pull(col.dataset.column);
});

onCorrected(() => {
  for (const col of $$(".col")) pull(col.dataset.column);
});

afterAct("column", () => pullDeck());

addEventListener("refused", (event) => {
  const form = event.target, { why, facts } = event.detail;
  if (!form.matches(".colform")) return;
  event.preventDefault();
  const line = $(".field__err", form), place = $(".pointed", form);
  line.hidden = false;
  $("span", line).textContent = why.join(" ");
  place.hidden = facts.at === undefined;
  if (facts.at === undefined) return;
  const query = form.elements.query;
  const from = Math.max(0, facts.at - 24), shown = query.value.slice(from, facts.at + facts.length + 24).replaceAll("\n", " ");
  place.textContent = `${shown}\n${" ".repeat(facts.at - from)}${"^".repeat(Math.max(1, facts.length))}`;
  query.focus();
  query.setSelectionRange(facts.at, facts.at + Math.max(1, facts.length));
}, true);

const pullDeck = calmly(async () => {
  const holder = new DOMParser().parseFromString(await part("/deck/"), "text/html");
  morph(cols, holder.querySelector("#cols"), { keep });
  $("#live").replaceWith(holder.querySelector("#live"));
}, 1000);

$("[data-pause]").addEventListener("click", pause);

function pause() {
  const on = !paused();
  if (on) root.dataset.paused = "";
  else delete root.dataset.paused;
  const button = $("[data-pause]");
  button.setAttribute("aria-pressed", on);
  $("span", button).textContent = on ? "Go on" : "Pause all";
  say(on ? "All columns are paused." : "All columns run again.");
  if (!on) for (const col of $$(".col")) pull(col.dataset.column);
}

/* ── columns change places: by the grip's arrow keys, or by dragging it ── */

async function move(col) {
  const to = $$(".col").indexOf(col);
  say(`Column ${$("h2", col).textContent} is now number ${to + 1}`);
  await act(`/deck/columns/${col.dataset.column}/move/`, { to }).catch(complain);
}

cols.addEventListener("keydown", (event) => {
  const grip = event.target.closest(".col__grip"), col = event.target.closest(".col");
  const ltr = getComputedStyle(cols).direction === "ltr" ? 1 : -1;
  const by = { ArrowLeft: -ltr, ArrowRight: ltr }[event.key];
  if (!grip || !by) return;
  event.preventDefault();
  const beside = by > 0 ? col.nextElementSibling : col.previousElementSibling;
  if (!beside) return;
  if (by > 0) beside.after(col);
  else beside.before(col);
  grip.focus();
  move(col);
});

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
onKey("c", () => {
  const form = post() && $("[data-act=make-case]", post());
  if (!form) return false;
  form.requestSubmit();
});
onKey(" ", (event) => (event.target.closest("button, a, input, summary") ? false : pause()));

/* ── live ────────────────────────────────────────────────────────── */

onLive((topics) => {
  if (topics.has("columns") || topics.has("*")) pullDeck();
  for (const col of $$(".col")) if (topics.has(`column-${col.dataset.column}`)) pull(col.dataset.column);
});
