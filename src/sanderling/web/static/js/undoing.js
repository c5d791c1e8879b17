/* What can be taken back for some seconds: a notice with a ring that runs out, and Control Z. */
import { $ } from "./page.js";

let undoLast = null;

/** Show that something can be taken back for `seconds`; `back` does so. */
export function undoable(title, more, seconds, back) {
  const toast = $("#undo-toast").content.firstElementChild.cloneNode(true);
  const ends = Date.now() + seconds * 1000;
  $("p b", toast).textContent = title;
  $("p span", toast).textContent = more;
  $("#toasts").append(toast);
  const timer = setInterval(draw, 250);
  draw();
  function draw() {
    const left = Math.max(0, (ends - Date.now()) / 1000);
    $(".toast__ring b", toast).textContent = Math.ceil(left);
    $(".ring__arc", toast).style.strokeDasharray = `${(100 * left) / seconds} 100`;
    if (!left) close();
  }
  function close() {
    clearInterval(timer);
    toast.remove();
    if (undoLast === undo) undoLast = null;
  }
  function undo() {
    close();
    return back();
  }
  $("button", toast).addEventListener("click", undo);
  undoLast = undo;
}

addEventListener("keydown", (event) => {
  if (!undoLast || event.key !== "z" || !(event.metaKey || event.ctrlKey) || event.shiftKey) return;
  if (event.target.matches("textarea, input:not([type=checkbox], [type=radio])") && event.target.value) return;
  event.preventDefault();
  undoLast();
});
