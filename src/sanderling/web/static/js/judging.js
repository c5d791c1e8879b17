/* Correcting a verdict: one key opens the dialog, one key chooses, Enter keeps it, Esc leaves.
   Without this script the same form stands on a page of its own. */
import {
  $, $$, act, afterAct, complain, lettersOff, notice, onKey, part, Refusal, speak,
} from "./page.js";
import { later, say } from "./words.js";

const UNDO = 8000; // ms in which a correction is taken back by one key

const dialog = () => $("#judging");
const filled = (name) => $(`#judging-${name}`).content.firstElementChild.cloneNode(true);

/* ── opening ─────────────────────────────────────────────────────── */

let asked = 0;

/** Show the verdict on a post in the dialog, ready for a key. */
export async function judge(post) {
  const box = dialog();
  const turn = ++asked;
  waiting = [];
  box.replaceChildren(filled("wait"));
  if (!box.open) {
    for (const menu of $$("[popover]:popover-open")) menu.hidePopover();
    box.showModal();
  }
  $("#judging-h", box).focus();
  try {
    const html = await part(`/judgement/posts/${post}/verdict`);
    if (turn !== asked || !box.open) return;
    box.innerHTML = html;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (turn !== asked) return;
    lost(box, error, post);
  }
  ready(box);
  catchUp(box);
}

/** What could not be looked up is said where the verdict would stand. */
function lost(box, error, post) {
  box.replaceChildren(filled("lost"));
  $("[role=alert]", box).textContent = error.message;
  $("[data-again]", box).addEventListener("click", () => judge(post));
}

/** The focus stands on what is asked: the first doubt, else the heading. */
function ready(box) {
  const doubt = $(".pick--unsure :is(input, select)", box);
  (doubt ?? $("[data-again]", box) ?? $("#judging-h", box)).focus();
}

addEventListener("click", (event) => {
  const link = event.target.closest("[data-judge]");
  if (!link || !dialog() || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  judge(link.dataset.judge);
});

/** The post under the eyes: the focused one, else the one its list or case is about. */
function selected() {
  const at = document.activeElement;
  const post = at.closest("[id^=post-]");
  const why = post && $("[data-judge]", post);
  return (why?.dataset.judge ?? at.closest("[data-post]")?.dataset.post ?? $("#why")?.dataset.post);
}

onKey("v", () => {
  const post = dialog() && selected();
  if (!post) return false;
  judge(post);
});

/* ── choosing ────────────────────────────────────────────────────── */

addEventListener("keydown", (event) => {
  const box = event.target.closest?.("#judging") ?? $("#judged");
  if (!box || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if ($("[aria-busy=true]", box)) return early(event);
  const form = $(".correct", box);
  if (!form || event.isComposing) return;
  if (event.key === "Enter") {
    if (box.id !== "judging" || event.target.matches("button, a, summary")) return;
    event.preventDefault();
    form.requestSubmit();
  } else if (!typing(event.target) && !lettersOff() && choose(form, event.key)) event.preventDefault();
});

const typing = (field) => field.matches("input[type=text], select, textarea");

/** Choose what this key stands for; false if it stands for nothing. */
function choose(form, key) {
  const field = $(`[data-key="${CSS.escape(key.toLowerCase())}"]`, form);
  if (!field) return false;
  field.focus();
  if (field.type === "radio") field.checked = true;
  return true;
}

/* keys of somebody faster than the desk wait until the verdict is there */
let waiting = [];

function early(event) {
  if (event.key !== "Enter" && event.key.length > 1) return;
  event.preventDefault();
  waiting.push(event.key);
}

function catchUp(box) {
  const form = $(".correct", box), keys = waiting;
  waiting = [];
  if (!form) return;
  for (const key of keys) {
    const field = document.activeElement;
    if (key === "Enter") form.requestSubmit();
    else if (field.matches("input[type=text]")) field.value += key;
    else if (!lettersOff()) choose(form, key);
  }
}

/* ── keeping ─────────────────────────────────────────────────────── */

addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".correct")) return;
  const busy = form.getAttribute("aria-busy") === "true"; // sent once, however often Enter is pressed
  if (busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
  form.setAttribute("aria-busy", "true");
}, true);

addEventListener("refused", (event) => {
  const form = event.target;
  if (!form.matches(".correct")) return;
  event.preventDefault();
  form.removeAttribute("aria-busy");
  const line = $(".field__err", form);
  line.hidden = false;
  $("span", line).textContent = event.detail.message;
  line.scrollIntoView({ block: "nearest" });
}, true);

/** After a correction: `changed(answer)` fetches again what it changed. */
export function onCorrected(changed) {
  const after = (answer, form) => {
    form?.removeAttribute("aria-busy");
    offerUndo(answer, after);
    changed(answer);
  };
  afterAct("correct", after);
}

/** Taking back is a correction back: it is kept with who and why as well. */
function offerUndo(answer, after) {
  const toast = notice(answer.says, { lasts: UNDO });
  if (!Object.keys(answer.undo ?? {}).length) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn btn--sm", textContent: say("Undo") });
  toast.append(button);
  const how = say("Press Control Z to undo.");
  speak(`${answer.says} ${how}`);
  const back = async () => {
    toast.remove();
    try {
      const fields = { ...answer.undo, why: later("Taken back") }; // kept, and so in English
      const { says, post } = await act(`/judgement/posts/${answer.post}/correct/`, fields);
      after({ says, post });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      complain(error);
    }
  };
  button.addEventListener("click", back);
  toast.back = back;
}

addEventListener("keydown", (event) => {
  const last = $("#toasts").lastElementChild;
  if (event.key !== "z" || !(event.metaKey || event.ctrlKey) || event.shiftKey || !last?.back) return;
  if (event.target.matches("textarea, input") && event.target.value) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // an answer on its way out is not meant
  last.back();
});
