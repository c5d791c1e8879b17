/* The palette: one box that finds commands, cases, people and accounts. */
import { $, $$, part, sleep } from "./page.js";
import { commands, deed } from "./keys.js";
import { many, say } from "./words.js";

const palette = $("#palette"), box = $("input", palette), list = $("#palette-list");
const ours = $("#palette-commands"), found = $("#palette-found");
const options = () => $$("[role=option]", list);
const selected = () => $("[aria-selected=true]", list);
const words = (option) => $("span:not(.ava)", option).textContent; // not the face before them
const PAUSE = 120; // ms without a letter before the desk is asked

/* ── lately ──────────────────────────────────────────────────────── */

const MOST_RECENT = 4;

function recent() {
  try {
    return JSON.parse(localStorage.getItem("palette")) ?? [];
  } catch {
    return [];
  }
}

const remember = (id) => localStorage.setItem("palette", JSON.stringify([id, ...recent().filter((other) => other !== id)].slice(0, MOST_RECENT)));

/* ── what fits ───────────────────────────────────────────────────── */

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** How well words fit what was typed, 0 being best; null if not at all. "ho" finds "Hand-over". */
export function fits(said, typed) {
  const text = plain(said), wanted = plain(typed).trim();
  const each = text.split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (text.startsWith(wanted)) return 0;
  if (each.map((word) => word[0]).join("").startsWith(wanted)) return 1;
  if (each.some((word) => word.startsWith(wanted))) return 2;
  if (text.includes(wanted)) return 3;
  return wanted.split(/\s+/).every((piece) => each.some((word) => word.startsWith(piece))) ? 4 : null;
}

/** Commands of this page now: those of the table that do something here, and buttons that say what
    they do in a sentence of their own (data-says), such as a colleague's name in a menu. */
function able({ all }) {
  const here = commands.filter((command) => deed(command.dataset)).map((command) => command.cloneNode(true));
  const told = all ? $$("[data-says]").map(spoken) : [];
  return [...here, ...told];
}

function spoken(button, at) {
  const option = commands[0].cloneNode(true);
  option.replaceChildren($(".i, .ava", button).cloneNode(true), Object.assign(document.createElement("span"), { textContent: button.dataset.says }));
  option.id = `do-said-${at}`;
  for (const name of Object.keys(option.dataset)) delete option.dataset[name];
  option.dataset.where = "Case";
  option.deed = () => button.click();
  return option;
}

function fitting(typed) {
  const lately = recent();
  const scored = able({ all: true }).map((option) => [fits(words(option), typed), option]);
  const order = ([a, one], [b, other]) => a - b || lately.includes(other.id) - lately.includes(one.id);
  return scored.filter(([score]) => score !== null).sort(order).slice(0, 12).map(([, option]) => option);
}

/* ── drawing ─────────────────────────────────────────────────────── */

function group(title, members) {
  if (!members.length) return [];
  const box = document.createElement("div"), head = document.createElement("p");
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", title);
  head.className = "palette__h";
  head.setAttribute("aria-hidden", "true");
  head.textContent = title;
  box.append(head, ...members);
  return [box];
}

function start() {
  const all = able({ all: false });
  const lately = recent().map((id) => all.find((option) => option.id === id)).filter(Boolean);
  const rest = all.filter((option) => !lately.includes(option));
  const of = (...places) => rest.filter((option) => places.includes(option.dataset.where));
  const title = $("#case")?.dataset.title;
  return [
    ...group(say("Lately"), lately),
    ...group(title ? say("This case · {title}", { title }) : say("This case"), of("Case")),
    ...group(say("Go to"), of("Go to")),
    ...group(say("Do"), rest.filter((option) => !["Case", "Go to"].includes(option.dataset.where))),
  ];
}

function draw() {
  const typed = box.value.trim(), only = typed.match(/^[>@#]/)?.[0];
  const text = only === ">" ? typed.slice(1).trim() : typed;
  if (!text) ours.replaceChildren(...start());
  else ours.replaceChildren(...(only && only !== ">" ? [] : group(say("Commands"), fitting(text))));
  if (only === ">" || !text) found.replaceChildren();
  mark();
  if (only !== ">" && text) look(typed);
}

let asked = 0;

async function look(typed) {
  const turn = ++asked;
  await sleep(PAUSE);
  if (turn !== asked) return;
  let html = "";
  try {
    html = await part(`/palette/?${new URLSearchParams({ q: typed })}`);
  } catch {
    if (turn === asked) $("#palette-says").textContent = say("The desk did not answer; only commands are shown.");
  }
  if (turn !== asked || box.value.trim() !== typed) return;
  const kept = selected()?.id;
  found.innerHTML = html;
  mark(kept);
}

function mark(id = "") {
  const all = options();
  select(all.find((option) => option.id === id) ?? all[0]);
  box.setAttribute("aria-expanded", String(all.length > 0));
  $("#palette-none").hidden = all.length > 0;
  list.hidden = !all.length;
  if (box.value) $("#palette-says").textContent = many("{n} result", "{n} results", all.length);
}

function select(option) {
  for (const other of $$("[aria-selected=true]", list)) other.setAttribute("aria-selected", "false");
  if (!option) return box.removeAttribute("aria-activedescendant");
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  if (option === options()[0]) list.scrollTop = 0;
  box.setAttribute("aria-activedescendant", option.id);
}

function move(by, { round = true } = {}) {
  const all = options();
  if (!all.length) return;
  const to = all.indexOf(selected()) + by;
  select(all[round ? (to + all.length) % all.length : Math.max(0, Math.min(all.length - 1, to))]);
}

function run(option) {
  if (!option) return;
  const work = option.deed ?? deed(option.dataset);
  if (option.id.startsWith("do-") && !option.deed) remember(option.id);
  palette.close();
  work?.(new KeyboardEvent("keydown"));
}

/* ── opening, typing, choosing ───────────────────────────────────── */

function show() {
  for (const menu of $$("[popover]:popover-open")) menu.hidePopover();
  asked++;
  box.value = "";
  found.replaceChildren();
  $("#palette-says").textContent = "";
  palette.showModal();
  draw();
}

addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey) || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (palette.open) palette.close();
  else if (!$("dialog:modal")) show();
});

addEventListener("click", (event) => event.target.closest("[data-palette]") && show());

const MOVES = { ArrowDown: [1], ArrowUp: [-1], PageDown: [8, { round: false }], PageUp: [-8, { round: false }] };

palette.addEventListener("keydown", (event) => {
  if (event.isComposing || event.target.matches("button")) return;
  if (MOVES[event.key]) move(...MOVES[event.key]);
  else if (event.key === "Enter") run(selected());
  else return;
  event.preventDefault();
});
box.addEventListener("input", draw);
list.addEventListener("pointermove", (event) => {
  const option = event.target.closest("[role=option]");
  if (option && option !== selected()) select(option);
});
list.addEventListener("click", (event) => run(event.target.closest("[role=option]")));
palette.addEventListener("click", (event) => event.target === palette && palette.close());
