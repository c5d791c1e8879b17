/* Suggestions: fetched when they are asked for, put in where the cursor stands, never sent. */
import { $, actForPart, part, speak } from "./page.js";
import { say } from "./words.js";

const SLOW = 300; // ms before the panel says that it looks
const panel = () => $("#suggestions");
const room = () => $("#composer")?.elements.room.value;

async function look() {
  const form = $("#composer");
  if (!form || room() === "note") return;
  const there = panel();
  if (there.matches(":popover-open")) return there.hidePopover();
  there.replaceChildren();
  there.setAttribute("aria-busy", "true");
  const waiting = setTimeout(() => line(say("Looking for similar cases…")), SLOW);
  there.showPopover();
  try {
    there.innerHTML = await part(`/case/${form.dataset.case}/suggestions?room=${room()}`);
    $(".menu__i", there)?.focus();
    speak($("#suggestions-h", there).textContent);
  } catch (error) {
    line(error.message);
  } finally {
    clearTimeout(waiting);
    there.removeAttribute("aria-busy");
  }
}

function line(words) {
  const said = document.createElement("p");
  Object.assign(said, { className: "sug__h", textContent: words });
  panel().replaceChildren(said);
}

/** Put `text` where the cursor stands in the room that is open; a first blank is ready to be overwritten. */
export function insert(text) {
  const form = $("#composer"), area = $(`#draft-${room()}`, form);
  if (area.readOnly) return speak(say("Nothing can be written there."));
  const { value, selectionStart: from, selectionEnd: to } = area;
  const gap = value.slice(0, from).trim() && !/\s$/.test(value.slice(0, from)) ? " " : "";
  area.setRangeText(gap + text, from, to, "end");
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
  const blank = /\{[a-z-]+\}/.exec(area.value);
  if (blank) area.setSelectionRange(blank.index, blank.index + blank[0].length);
}

addEventListener("click", (event) => {
  if (event.target.closest("#suggest")) {
    event.preventDefault();
    look();
  }
  const pinned = event.target.closest("[data-pinned]");
  if (pinned) {
    event.preventDefault();
    insert(pinned.value);
  }
  const chosen = event.target.closest("[data-suggestion]");
  if (chosen && panel()?.contains(chosen)) {
    event.preventDefault();
    panel().hidePopover();
    insert(chosen.dataset.suggestion);
    if (chosen.dataset.machine) mark(chosen.dataset.machine);
  }
});

// Before the composer hears it: the first Escape closes the panel, the next one leaves the box.
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !panel()?.matches(":popover-open")) return;
  event.preventDefault();
  event.stopPropagation();
  panel().hidePopover();
  $(`#draft-${room()}`)?.focus();
}, true);

/* ── a language model, where one is set up ───────────────────────── */

addEventListener("submit", async (event) => {
  const asking = event.target.closest("#suggestions [data-assist]");
  if (!asking) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const form = $("#composer"), { value: task, dataset } = event.submitter, there = panel();
  const text = "mine" in dataset ? $(`#draft-${room()}`, form).value : "";
  if ("mine" in dataset && !text.trim()) return speak(say("Write your reply first."));
  line(say("The model is thinking…"));
  there.setAttribute("aria-busy", "true");
  try {
    there.innerHTML = await actForPart(`/case/${form.dataset.case}/assist/`, { task, room: room(), text });
    $(".menu__i, .sug__said", there)?.focus();
    speak($("#suggestions-h", there).textContent);
  } catch (error) {
    line(error.message);
    speak(error.message);
  } finally {
    there.removeAttribute("aria-busy");
  }
}, true);

/** As long as a machine's words stand in the box, its writer is told so. */
function mark(by) {
  const line = $("#machine");
  line.textContent = say("Part of this was written by {by}, a machine. Check every word before you send it.", { by });
  line.hidden = false;
}

addEventListener("input", (event) => {
  if (event.target.matches?.("#composer textarea[data-for]") && !event.target.value.trim()) $("#machine").hidden = true;
});

addEventListener("keydown", (event) => {
  if (event.key !== "." || !(event.metaKey || event.ctrlKey) || !$("#suggest")) return;
  event.preventDefault();
  look();
});
