/* The Desk: a list that stays still while it is read, a case that grows, and the keys for both. */
import {
  $, $$, act, afterAct, calmly, complain, element, morph, notice, onKey, onLive, open, part, root, speak, sleep, sure,
} from "./page.js";
import { onCorrected } from "./judging.js";
import { pullPresence, visit } from "./presence.js";
import "./pictures.js";
import "./showing.js";
import "./suggestions.js";
import "./offered.js";
import { keepAll, onSent, ready, restore, weighAgain, write } from "./composer.js";
import { attend } from "./attending.js";
import { choosing } from "./choosing.js";
import { onMatters, unasked } from "./matters.js";
import { onBelonging } from "./belonging.js";
import { undoable } from "./undoing.js";
import "./naming.js";
import { narrowed } from "./filtering.js";
import { later, many, say } from "./words.js";

const STILL = 5000; // ms without a touch after which new rows may enter by themselves
const SKELETON = 300; // ms before a pane shows that it waits
const FOLD = 180;

const list = $("#list");
const rows = () => $("#rows");
const pane = () => $(".case"); // a case, none, or the bones of one that is on its way
const openCase = () => Number(pane().dataset.case) || 0;
const queue = () => rows().dataset.queue;
const queueTitle = () => $("#list-h").firstChild.textContent.trim();

/* ── the list ────────────────────────────────────────────────────── */

let touched = 0, fresh = null; // `fresh` is the list as it is by now, waiting to be shown

for (const kind of ["pointermove", "scroll", "keydown", "focusin"])
  list.addEventListener(kind, () => (touched = Date.now()), { passive: true });

const busy = () => list.matches(":hover") || list.contains(document.activeElement);
const calm = () => !busy() && list.scrollTop < 8 && Date.now() - touched > STILL;

function listPath(more = 0) {
  const { queue: q, sort, shown, after, filter: f } = rows().dataset;
  const n = Number(shown) + more;
  return `/desk/rows?${new URLSearchParams({ q, f, sort, n, after: after ?? "", open: openCase() })}`;
}

const pullList = calmly(async () => {
  const there = element(await part(listPath()));
  const same = (name) => there.dataset[name] === rows().dataset[name];
  if (there.dataset.queue !== queue() || !same("sort") || !same("filter")) return;
  const ids = new Set($$(".row", there).map((row) => row.id));
  const here = new Set($$(".row", rows()).map((row) => row.id));
  const arrived = [...ids].filter((id) => !here.has(id));
  if (!here.size || calm() || (!arrived.length && !busy() && sameOrder(there))) return showList(there);
  for (const row of $$(".row", rows())) {
    const now = $(`#${row.id}`, there);
    if (now) change(row, now);
    else leave(row, Boolean($("#rows-more", there)));
  }
  fresh = there;
  const late = arrived.filter((id) => $(`#${id} .ring--over`, there)).length;
  pill(arrived.length, late);
}, 700);

const sameOrder = (there) =>
  $$(".row", there).map((r) => r.id).join() === $$(".row", rows()).map((r) => r.id).join();

function showList(there = fresh) {
  fresh = null;
  pill(0);
  if (!there) return;
  const selected = $('.row[aria-current="true"]', rows());
  const before = new Set($$(".row", rows()).map((row) => row.id));
  if (selected && !$(`#${selected.id}`, there)) stay(selected, there);
  const changes = $$(".row", rows()).filter((row) => {
    const now = $(`#${row.id}`, there);
    return now && now.dataset.v !== row.dataset.v;
  });
  morph(rows(), there);
  for (const row of changes) flash($(`#${row.id}`));
  for (const row of $$(".row", rows())) if (before.size && !before.has(row.id)) row.classList.add("row--in");
}

/** The open case has left this queue: its row stays until the agent moves on. */
function stay(row, there) {
  const copy = row.cloneNode(true);
  const last = $$(".row", rows()).indexOf(row);
  const neighbour = $$(".row", there)[last];
  if (neighbour) neighbour.before(copy);
  else $(".rows", there)?.append(copy);
}

function change(row, now) {
  const changed = row.dataset.v !== now.dataset.v;
  morph(row, now.cloneNode(true));
  if (changed) flash($(`#${row.id}`));
}

function flash(row) {
  row?.classList.add("row--flash");
  setTimeout(() => row?.classList.remove("row--flash"), 600);
}

/** A row is not in the list any more, or (`further`) perhaps only further down than is shown. */
async function leave(row, further) {
  if (row.getAttribute("aria-current") === "true") {
    const now = element(await part(`/case/${row.id.slice(4)}/row?q=${queue()}`));
    if (!further) now.classList.add("row--left");
    return morph(row, now);
  }
  if (busy()) return row.classList.add("row--left");
  row.classList.add("row--out");
  await sleep(FOLD);
  row.remove();
}

function pill(n, late = 0) {
  const button = $("[data-shownew]");
  const words = many("{n} new", "{n} new", n);
  const more = n && $("[data-n]", button).textContent !== words;
  button.hidden = !n;
  $("[data-n]", button).textContent = words;
  if (more) speak(arrivals(n, late), { atOnce: false });
}

function arrivals(n, late) {
  const queue = queueTitle();
  if (late) return many("{n} new in {queue}, {late} late", "{n} new in {queue}, {late} late", n, { queue, late });
  return many("{n} new in {queue}", "{n} new in {queue}", n, { queue });
}

const shownew = () => {
  if (!fresh) return pullList();
  list.scrollTop = 0;
  showList();
};
$("[data-shownew]").addEventListener("click", shownew);
setInterval(() => fresh && calm() && showList(), 1000);

list.addEventListener("click", async (event) => {
  const more = event.target.closest("[data-more]");
  if (!more || Number(rows().dataset.shown) >= 200) return;
  event.preventDefault();
  morph(rows(), await part(listPath(50)));
});

/** Sort the list anew, and have it so from now on. */
async function sortBy(link) {
  const { sort } = link.dataset;
  Object.assign(rows().dataset, { sort, after: "" });
  document.cookie = `sort_${root.dataset.agent}=${sort}; path=/; max-age=31536000; samesite=lax`;
  $("#sort-menu").hidePopover();
  for (const other of $$("[data-sort]", $("#sort-menu"))) other.toggleAttribute("aria-current", false);
  link.setAttribute("aria-current", "true");
  $("#order").textContent = link.firstChild.textContent.trim();
  showList(element(await part(listPath())));
  list.scrollTop = 0;
  speak(say("Sorted: {order}", { order: $("#order").textContent }));
  if (location.search.includes("sort=")) history.replaceState(history.state, "", `${location.pathname}?q=${queue()}`);
}

$("#sort-menu").addEventListener("click", (event) => {
  const link = event.target.closest("[data-sort]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  sortBy(link).catch(complain);
});

const pullBadges = calmly(async () => {
  morph($("#queues"), await part(`/badges?page=desk&q=${queue()}`));
  const n = $(`#nav-${queue()} .nav__n`)?.textContent;
  const count = $(`#count-${queue()}`);
  if (count && n) count.textContent = n;
}, 1000);

/* ── the case ────────────────────────────────────────────────────── */

const timeline = () => $("#tl");
const atFoot = (tl) => tl.scrollHeight - tl.scrollTop - tl.clientHeight < 48;
const toFoot = () => {
  const tl = timeline();
  if (tl) tl.scrollTop = tl.scrollHeight;
  seen();
};

/** What the customer wrote has been on the screen: sending need not ask any more. */
function seen() {
  const tl = timeline();
  if (!tl || document.hidden || !atFoot(tl)) return;
  for (const form of ["#composer", "#resolve-form"]) if ($(form)) $(form).elements.seen.value = tl.dataset.seen;
  $("[data-tolatest]").hidden = true;
}

const pullCase = calmly(async () => {
  const id = openCase();
  if (!id) return;
  const q = `?q=${queue()}`;
  const [head, story, why, matters] = await Promise.all(["head", "timeline", "why", "matters"].map((name) => part(`/case/${id}/${name}${q}`)));
  if (openCase() !== id) return;
  morph($("#case-head"), head);
  morph($("#why"), why);
  if (!writingIn($("#matters"))) morph($("#matters"), matters, { keep: (node) => node.matches?.("details[open]:has(form)") });
  askAnew(id);
  const tl = timeline(), stuck = atFoot(tl), before = new Set(items(tl));
  morph(tl, story);
  weighAgain(timeline().dataset);
  const added = items(tl).filter((item) => !before.has(item));
  if (stuck) toFoot();
  else if (added.length) latest(added.length);
}, 250);

/** Somebody has begun to answer there. */
const writingIn = (matters) => $$("input[type=text]", matters).some((box) => box.value);
/** What is asked at the end may have changed with what was said; an open dialog stays as it is. */
async function askAnew(id) {
  const dialog = $("#resolve");
  if (dialog.dataset.asks === $("#case-head").dataset.asks || dialog.open || dialog.matches(":popover-open")) return;
  const there = element(await part(`/case/${id}/ending?q=${queue()}`));
  if (openCase() === id && !$("#resolve").open) $("#resolve").replaceWith(there);
}

const items = (tl) => $$("[id^=post-], [id^=note-], [id^=out-]", tl).map((item) => item.id);

function latest(n) {
  const button = $("[data-tolatest]");
  $("span", button).textContent = many("{n} new message", "{n} new messages", n);
  button.hidden = false;
}

let asked = 0, before = pane(); // `before` is what goes back where a case cannot be shown

function goBack() {
  if (pane() !== before) pane().replaceWith(before);
  mark(openCase());
}

/** Put a case beside the list; 0 for none. */
async function show(id, { push = true } = {}) {
  if (!id) return;
  const turn = ++asked;
  keepAll();
  mark(id);
  if (openCase()) before = pane();
  const waiting = setTimeout(() => pane().replaceWith($("#skeleton").content.firstElementChild.cloneNode(true)), SKELETON);
  try {
    const html = await part(`/case/${id}/pane?q=${queue()}`);
    if (turn !== asked) return;
    clearTimeout(waiting);
    place(html);
  } catch (error) {
    clearTimeout(waiting);
    if (turn === asked) goBack();
    return complain(error);
  }
  const address = `/case/${id}/?q=${queue()}${narrowed()}`;
  if (push && location.pathname + location.search !== address) history.pushState({ id }, "", address);
  const risk = document.title.match(/^\(\d+\) /)?.[0] ?? "";
  document.title = `${risk}${pane().dataset.title} · Sanderling`;
}

function place(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  $(".case").replaceWith($(".case", holder.content));
  $(".cust")?.remove();
  $("#main").append($(".cust", holder.content));
  const desk = $("#main");
  if (desk.dataset.view === "list") {
    desk.dataset.cust = document.cookie.match(/(?:^|; )cust=(on|off)/)?.[1] ?? "";
    desk.dataset.view = root.dataset.view = "case";
  }
  ready();
  visit(openCase());
  toFoot();
}

function mark(id) {
  for (const row of $$('.row[aria-current="true"]')) {
    row.removeAttribute("aria-current");
    if (row.classList.contains("row--left")) row.remove();
  }
  $(`#row-${id}`)?.setAttribute("aria-current", "true");
}

const wide = matchMedia("(min-width: 48rem)");

list.addEventListener("click", (event) => {
  const link = event.target.closest(".row__link");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button || !wide.matches) return;
  event.preventDefault();
  show(Number(link.closest(".row").id.slice(4)));
});

addEventListener("popstate", () => {
  const id = Number(location.pathname.match(/^\/case\/(\d+)\//)?.[1]);
  if (id) show(id, { push: false });
  else location.reload();
});

document.addEventListener("scroll", (event) => event.target === timeline() && seen(), true);
document.addEventListener("visibilitychange", seen);
addEventListener("click", (event) => event.target.closest("[data-tolatest]") && toFoot());

/** The case that is due after this one. */
function next() {
  const all = $$(".row:not(.row--left, .row--out)", rows());
  const here = all.findIndex((row) => row.id === `row-${openCase()}`);
  const after = all[here + 1] ?? all[here - 1];
  return after ? Number(after.id.slice(4)) : 0;
}

async function moveOn() {
  const id = next();
  if (!wide.matches) return void (location.href = `/desk/?q=${queue()}${narrowed()}`);
  if (!id) return;
  await show(id);
  $(`#row-${id} .row__link`)?.focus({ preventScroll: false });
}

/* ── acts ────────────────────────────────────────────────────────── */

function changed() {
  pullCase();
  pullBadges();
  pullList();
  pullOffers();
}

/* ── handing over ────────────────────────────────────────────────── */

const pullOffers = calmly(async () => {
  const there = element(await part(`/desk/offers?q=${queue()}`));
  const more = Number(there.dataset.n) > Number($("#offers").dataset.n);
  morph($("#offers"), there, { keep: (node) => node.matches?.("details[open]") });
  if (more) speak(say("A case is offered to you."), { atOnce: false });
}, 1000);

afterAct("offer", (answer, form) => {
  form.reset();
  notice(answer.says);
  if (answer.drafts) {
    restore(answer.drafts);
    write(answer.room);
  }
  changed();
});

afterAct("offered", async (answer) => {
  if (answer.case) await taken(answer);
  else {
    notice(answer.says);
    changed();
  }
});

$(".list").addEventListener("click", (event) => {
  const link = event.target.closest("[data-show]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !wide.matches) return;
  event.preventDefault();
  show(Number(link.dataset.show));
});

for (const name of ["assign", "snooze", "reopen", "owe-nothing"])
  afterAct(name, (answer) => {
    notice(answer.says);
    changed();
  });

afterAct("resolve", async (answer, form) => {
  if (answer.outgoing) undo(answer, Number(form.action.match(/\/case\/(\d+)\//)[1]));
  else notice(answer.says);
  await moveOn();
  changed();
});

/* What the desk minds about an ending stands in the dialog, above what was typed. */
addEventListener("refused", async (event) => {
  const form = event.target;
  if (!form.matches("#resolve-form")) return;
  event.preventDefault();
  const { message, facts } = event.detail;
  if (facts.ask && (await sure(say("One question first"), message, facts.ask))) return allTheSame(form, facts);
  const line = $("#resolve-err", form);
  line.textContent = message;
  line.hidden = false;
  line.scrollIntoView({ block: "nearest" });
}, true);

/** The agent knows what speaks against it. */
function allTheSame(form, { seen, confirmed }) {
  form.elements.seen.value = seen;
  for (const input of $$("[name=confirmed]", form)) input.remove();
  for (const value of confirmed) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "confirmed", value }));
  form.requestSubmit();
}

/* Other words are asked about anew. */
addEventListener("input", (event) => {
  const form = event.target.closest?.("#resolve-form");
  if (!form) return;
  $("#resolve-err", form).hidden = true;
  for (const input of $$("[name=confirmed]", form)) input.remove();
});

addEventListener("keydown", (event) => {
  const form = event.target.closest?.("#resolve-form");
  if (!form || event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

/** The customer card says something else: who is behind it has changed. */
afterAct("person", async (answer) => {
  notice(answer.says);
  await show(answer.case, { push: false });
});

afterAct("next", taken);

async function taken(answer) {
  notice(answer.says);
  if (!wide.matches) return void (location.href = answer.to);
  await show(answer.case);
  changed();
}

onCorrected(changed);
onBelonging(changed, openCase);

const askToKeep = onMatters(changed, (drafts) => {
  restore(drafts);
  write("public");
});

afterAct("outgoing", (answer) => {
  restore(answer.drafts);
  changed();
});

onSent(async (answer, form) => {
  if (answer.promises?.length && answer.then !== "keep open" && !wide.matches) return void (location.href = answer.to);
  if (answer.outgoing) undo(answer, Number(form.dataset.case));
  else notice(answer.says);
  askToKeep(answer, Number(form.dataset.case));
  if (answer.outgoing && answer.then !== "keep open") await moveOn();
  changed();
});

/* ── taking back ─────────────────────────────────────────────────── */

const THEN = {
  wait: later("#{case}, then the case waits on the customer"),
  "keep open": later("#{case}, the case stays open"),
  resolve: later("#{case}, then the case is resolved"),
  "follow up": later("#{case}, the case is resolved"),
};

const leaves = (room, n) =>
  room === "public"
    ? many("Public reply leaves in {n} second", "Public reply leaves in {n} seconds", n)
    : many("Direct message leaves in {n} second", "Direct message leaves in {n} seconds", n);

function undo(answer, id) {
  if (answer.held) return void notice(answer.says, { lasts: 8_000 }); // no window runs
  undoable(leaves(answer.room, answer.seconds), say(THEN[answer.then], { case: id }), answer.seconds, back);
  const how = say("Press Control Z to undo.");
  speak(`${answer.says}. ${how}`);
  async function back() {
    unasked(answer.outgoing);
    try {
      const { drafts } = await act(`/case/${id}/outgoing/${answer.outgoing}/`, { act: "withdraw" });
      if (openCase() !== id) await show(id);
      restore(drafts);
      write(answer.room);
      speak(say("Taken back. Your text is in the box again."));
      changed();
    } catch (error) {
      complain(error);
    }
  }
}

/* ── keys ────────────────────────────────────────────────────────── */

function step(by) {
  const links = $$(".row__link", rows());
  const from = links.indexOf(document.activeElement);
  const open = links.findIndex((link) => link.closest('[aria-current="true"]'));
  const at = from < 0 ? (open < 0 ? (by > 0 ? 0 : links.length - 1) : open + by) : from + by;
  links[Math.max(0, Math.min(links.length - 1, at))]?.focus();
}

/** Open a menu of the case, ready for the arrow keys. */
function menu(id) {
  const button = $(`[popovertarget=${id}]`);
  if (!button) return false;
  button.click();
  $(`#${id} .menu__i`).focus();
}

onKey("j", () => step(1));
onKey("k", () => step(-1));
onKey(".", shownew);
onKey("a", () => menu("assign-menu"));
onKey("o", () => ($("[data-open=hand]") ? open("hand") : false));
onKey("h", () => menu("snooze-menu"));
onKey("R", () => ($("#case-head [data-open=resolve]") ? open("resolve") : false));
onKey("n", () => void act("/desk/next/", {}).then(taken).catch(complain));

/* ── live ────────────────────────────────────────────────────────── */

onLive((topics) => {
  attend(topics);
  const all = topics.has("*");
  if (all || topics.has(`case-${openCase()}`)) pullCase();
  if (all || topics.has(`here-${openCase()}`)) pullPresence();
  if (all || topics.has("queues") || $$(".row", rows()).some((row) => topics.has(row.id.replace("row", "case")))) {
    pullList();
    pullBadges();
    pullOffers();
  }
});

choosing(changed);
ready();
visit(openCase());
toFoot();
