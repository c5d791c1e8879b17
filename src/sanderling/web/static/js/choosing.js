/* Several rows of the list at once: choosing them, and one act for all that are chosen.
   The marks are checkboxes of one form, so choosing and acting also work without this script. */
import { $, $$, act, afterAct, complain, notice, onKey, part, speak } from "./page.js";
import { undoable } from "./undoing.js";
import { figure, many, say } from "./words.js";

const list = $("#list"), bar = $("#many"), sheet = $("#bulk-sheet"), left = $("#many-left");
const boxes = () => $$(".row:not(.row--left, .row--out) .row__pick input", list);
const rowOf = (box) => box.closest(".row");

const chosen = new Set(); // numbers of cases, as texts
let anchor = "", shift = false, after = () => {};

const CAN_UNDO = say("Press Control Z to undo.");
const departed = (n) => many("A chosen case has left the list. {chosen} chosen.", "{n} chosen cases have left the list. {chosen} chosen.", n, { chosen: chosen.size });
const chosenNow = () => many("{n} chosen", "{n} chosen", chosen.size);

/** Have the marks on the rows, the number and the bar say the same; `quietly` for what nobody did here. */
function tell({ quietly = false } = {}) {
  const n = chosen.size;
  if ($("[data-chosen]", bar).textContent !== figure(n)) {
    $("[data-chosen]", bar).textContent = figure(n);
    if (!quietly) speak(n ? chosenNow() : say("None chosen"));
  }
  bar.classList.toggle("manybar--open", n > 0);
  if (!n) why([]);
  $("[data-all]", bar).hidden = n >= boxes().length;
}

function mark(box, on) {
  box.checked = on;
  chosen[on ? "add" : "delete"](box.value);
}

/** Rows come, move and go: marks stay with their cases, and a case that left is not chosen any more. */
function follow() {
  const here = new Set();
  for (const box of boxes()) {
    here.add(box.value);
    if (box.checked !== chosen.has(box.value)) box.checked = chosen.has(box.value);
  }
  const gone = [...chosen].filter((id) => !here.has(id));
  for (const id of gone) chosen.delete(id);
  for (const box of $$(".row:is(.row--left, .row--out) .row__pick :checked", list)) box.checked = false;
  tell({ quietly: true });
  if (gone.length) speak(departed(gone.length), { atOnce: false });
}
new MutationObserver(follow).observe(list, { childList: true, subtree: true, attributeFilter: ["class"] });

/** Everything between the row that was marked last and this one. */
function range(box, on) {
  const all = boxes();
  const [a, b] = [all.findIndex((one) => one.value === anchor), all.indexOf(box)].sort((x, y) => x - y);
  for (const one of a < 0 ? [box] : all.slice(a, b + 1)) mark(one, on);
}

function choose(box, on, { through = false } = {}) {
  if (through) range(box, on);
  else mark(box, on);
  anchor = box.value;
  tell();
}

function clear() {
  for (const box of boxes()) mark(box, false);
  chosen.clear();
  anchor = "";
  rest();
  tell();
}

/** A touch on a row opens its case again. */
function rest() {
  list.parentElement.removeAttribute("data-selecting");
  $("[data-select]").setAttribute("aria-pressed", "false");
}

function all() {
  for (const box of boxes()) mark(box, true);
  tell();
}

list.addEventListener("pointerdown", (event) => {
  shift = event.shiftKey && Boolean(event.target.closest(".row__pick"));
  if (shift) event.preventDefault(); // or the words between are selected
});
list.addEventListener("keydown", (event) => (shift = event.shiftKey));
list.addEventListener("change", (event) => {
  const box = event.target.closest(".row__pick input");
  if (box) choose(box, box.checked, { through: shift });
  shift = false;
});
bar.addEventListener("reset", (event) => {
  event.preventDefault();
  clear();
});
bar.addEventListener("click", (event) => event.target.closest("[data-all]") && all());

$("[data-select]").addEventListener("click", (event) => {
  const on = event.currentTarget.getAttribute("aria-pressed") !== "true";
  if (!on) return clear();
  event.currentTarget.setAttribute("aria-pressed", "true");
  list.parentElement.dataset.selecting = "";
});

/* On a phone, while rows are being chosen, a row is chosen wherever it is touched. */
list.addEventListener("click", (event) => {
  const link = event.target.closest(".row__link");
  if (!link || list.parentElement.dataset.selecting === undefined) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const box = $(".row__pick input", rowOf(link));
  choose(box, !box.checked);
}, true);

onKey("x", () => {
  const row = document.activeElement.closest?.(".row") ?? $('.row[aria-current="true"]', list);
  const box = row && $(".row__pick input", row);
  if (!box) return false;
  choose(box, !box.checked);
});
onKey("X", all);

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || $("dialog:modal") || $("[popover]:popover-open")) return;
  if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
  if (!chosen.size && list.parentElement.dataset.selecting === undefined) return;
  event.preventDefault();
  clear();
});

/* ── acts ────────────────────────────────────────────────────────── */

bar.addEventListener("submit", async (event) => {
  const { submitter } = event;
  if (submitter.formAction.endsWith("/desk/many/")) return; // a page of its own
  event.preventDefault();
  const fields = new FormData(bar, submitter);
  if (submitter.value === "take") return void act("/desk/bulk/", fields).then(went).catch(complain);
  try {
    sheet.innerHTML = await part(`/desk/bulk/?${new URLSearchParams(fields)}`);
    sheet.showModal();
  } catch (error) {
    complain(error);
  }
});

afterAct("bulk", went);

/* What was not understood is said in the sheet, above what was typed. */
sheet.addEventListener("refused", (event) => {
  event.preventDefault();
  const line = $(".bulk__err", sheet);
  line.textContent = event.detail.message;
  line.hidden = false;
  line.scrollIntoView({ block: "nearest" });
});

/** What is done is not chosen any more; what is not stays, with the reason. */
function went(answer) {
  const ready = new Set(answer.done.map(String));
  for (const box of boxes()) if (ready.has(box.value)) mark(box, false);
  for (const id of ready) chosen.delete(id);
  tell({ quietly: true });
  why(answer.left);
  if (!chosen.size) rest();
  const stay = answer.left.length ? many("{n} stays chosen: read why above the buttons.", "{n} stay chosen: read why above the buttons.", answer.left.length) : "";
  if (answer.back) {
    undoable(answer.says, stay, answer.seconds, () => back(answer.back));
    speak(`${answer.says} ${stay} ${CAN_UNDO}`);
  } else if (answer.done.length) notice(`${answer.says} ${stay}`);
  else speak(`${answer.says} ${stay}`); // the reasons stand there
  after();
}

async function back(sealed) {
  try {
    const answer = await act("/desk/bulk/undo/", { back: sealed });
    notice([answer.says, ...answer.left.slice(0, 1).map(({ who, why: says }) => `${who}: ${says}`)].join(" "));
  } catch (error) {
    complain(error);
  }
  after();
}

/** Why some stay as they were; `about` is a list of {case, who, why}. */
function why(about) {
  left.hidden = !about.length;
  left.replaceChildren(...about.map(reason));
}

function reason({ case: number, who, why: says }) {
  const line = document.createElement("li");
  const link = Object.assign(document.createElement("a"), { href: `/case/${number}/`, textContent: who, dir: "auto" });
  link.dataset.show = number;
  link.className = "link";
  line.append(link, document.createTextNode(` ${says}`));
  return line;
}

/** Begin; `changed` is called after every act. */
export function choosing(changed) {
  after = changed;
  const remembered = boxes().filter((box) => box.checked); // a browser that goes back knows them
  for (const box of remembered) chosen.add(box.value);
  tell({ quietly: true });
}
addEventListener("pageshow", () => choosing(after));
