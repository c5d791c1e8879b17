/* The text of the policy, or of a playbook: checked while it is written, its mistakes marked on their lines, and
   written into by forms. All of it also works by the buttons of the form alone. */
import { $, $$, act, complain, element, notice, Refusal, speak } from "./page.js";
import { say } from "./words.js";

const form = $("#editor"), text = $("#text"), box = $(".editor__box");
const saved = text.value;
let leaving = false, asked = 0, marked = [];

/* ── lines and their numbers ─────────────────────────────────────── */

const numbers = document.createElement("ol");
numbers.className = "editor__lines";
numbers.setAttribute("aria-hidden", "true");
box.prepend(numbers);

function drawLines() {
  const wanted = text.value.split("\n").length;
  while (numbers.children.length > wanted) numbers.lastChild.remove();
  while (numbers.children.length < wanted) numbers.append(document.createElement("li"));
  [...numbers.children].forEach((line, n) => line.classList.toggle("bad", marked.includes(n + 1)));
  follow();
}

const follow = () => (numbers.style.translate = `0 ${-text.scrollTop}px`);
text.addEventListener("scroll", follow, { passive: true });

/** Put the cursor on a line and bring it into sight. */
function goTo(line) {
  const before = text.value.split("\n").slice(0, line - 1).join("\n");
  const start = before.length + (line > 1 ? 1 : 0);
  const end = text.value.indexOf("\n", start);
  text.focus();
  text.setSelectionRange(start, end < 0 ? text.value.length : end);
  text.scrollTop = (line - 4) * parseFloat(getComputedStyle(text).lineHeight);
}

addEventListener("click", (event) => {
  const button = event.target.closest("button[data-line]");
  if (button) goTo(Number(button.dataset.line));
});

/* ── checking while somebody writes ──────────────────────────────── */

function show(answer, { aloud = false } = {}) {
  const old = $("#checked"), fresh = element(answer.html);
  old.replaceWith(fresh);
  marked = answer.lines;
  drawLines();
  const apply = $("#apply");
  if (apply) apply.setAttribute("aria-disabled", String(!answer.fits));
  const words = $("#checked-h").textContent.trim();
  if (aloud) speak(words);
  else speak(words, { atOnce: false });
}

async function check({ aloud = false } = {}) {
  const mine = ++asked;
  $("#checked").setAttribute("aria-busy", "true");
  try {
    const answer = await act(form.action, new FormData(form));
    if (mine === asked) show(answer, { aloud });
  } catch (error) {
    $("#checked").removeAttribute("aria-busy");
    if (!(error instanceof Refusal)) throw error;
    if (aloud) complain(error);
  }
}

let timer = 0;
text.addEventListener("input", () => {
  drawLines();
  clearTimeout(timer);
  timer = setTimeout(check, 400);
});

/* ── the buttons: check, write, apply ────────────────────────────── */

async function write(button) {
  const fields = [...new FormData(form), ["write", button.value]];
  try {
    const answer = await act("/policy/write/", fields);
    const open = $$("#forms details").map((part) => part.open);
    text.value = answer.text;
    $("#forms").replaceWith(element(answer.forms));
    $$("#forms details").forEach((part, n) => (part.open = open[n] ?? false));
    show(answer, { aloud: true });
    notice(say("Written into the text. Nothing is in force before you apply it."));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(error);
  }
}

async function apply() {
  try {
    const answer = await act($("#apply").formAction, new FormData(form));
    leaving = true;
    location.href = answer.to;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.facts.html) show(error.facts);
    complain(error);
  }
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  event.preventDefault();
  if (button?.matches("[data-write]")) write(button);
  else if (button?.id === "apply") apply();
  else check({ aloud: true });
});

/* ── nothing typed is lost by a slip ─────────────────────────────── */

addEventListener("beforeunload", (event) => {
  if (!leaving && text.value !== saved) event.preventDefault();
});

marked = $$("#checked [data-line]").map((line) => Number(line.dataset.line));
drawLines();
