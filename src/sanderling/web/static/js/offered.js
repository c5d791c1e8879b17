/* The picker of templates in the composer: words go in where the cursor is, and nothing is sent. */
import { $, act, complain, onKey, part, speak } from "./page.js";
import { say } from "./words.js";

const composer = () => $("#composer");
const room = () => composer().elements.room.value;
const menu = () => $("#template-menu");

async function open() {
  const form = composer();
  if (!form) return false;
  try {
    const html = await part(`/case/${form.dataset.case}/templates/?room=${room()}`);
    menu().innerHTML = html;
  } catch (error) {
    return complain(error);
  }
  menu().showPopover();
  $(".menu__i", menu())?.focus();
}

async function insert(form) {
  try {
    const { text } = await act(form.getAttribute("action"), { room: room() });
    const area = $(`#draft-${room()}`), at = area.selectionStart;
    const gap = at && !/\s$/.test(area.value.slice(0, at)) ? " " : "";
    menu().hidePopover();
    area.focus();
    area.setRangeText(gap + text, at, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    speak(say("The template is in the box."));
  } catch (error) {
    complain(error);
  }
}

addEventListener("click", (event) => {
  if (!event.target.closest("[data-templates]")) return;
  event.preventDefault();
  open();
});

addEventListener("submit", (event) => {
  if (!event.target.closest("#template-menu")) return;
  event.preventDefault();
  insert(event.target);
});

addEventListener("keydown", (event) => {
  const area = event.target.closest?.(".composer textarea");
  if (!area || event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (area.selectionStart && area.value[area.selectionStart - 1] !== "\n") return; // only where a line begins
  event.preventDefault();
  open();
});

onKey("t", open);
