/* What hangs on a case: acts on it, and the question whether to keep a promise in mind. It never
   holds up an answer, which is on its way already. */
import { $, $$, act, afterAct, complain, notice, Refusal, speak } from "./page.js";
import { say } from "./words.js";

/** What to do after such an act: `changed()` fetches the case again. */
export function onMatters(changed, restore) {
  afterAct("matter", (answer, form) => {
    form.reset();
    notice(answer.says);
    changed();
  });
  afterAct("praise", (answer) => {
    if (answer.drafts) restore(answer.drafts);
    notice(answer.says);
    changed();
  });
  return (answer, id) => answer.promises?.forEach((promise) => ask(promise, answer.outgoing, id, changed));
}

/** An answer was taken back: what it promised is not asked about any more. */
export function unasked(outgoing) {
  for (const form of $$(`.toast--ask[data-outgoing="${outgoing}"]`)) form.remove();
}

/** One question a promise; it stays until it is answered. */
function ask(promise, outgoing, id, changed) {
  const form = $("#promise-toast").content.firstElementChild.cloneNode(true);
  const asked = say("You promise something by {time}. Keep it in mind?", { time: promise.by });
  $("b", form).textContent = asked;
  $("p span", form).textContent = `#${id}: “${promise.text}”`;
  form.elements.text.value = promise.text;
  form.elements.due.value = promise.due;
  form.dataset.outgoing = outgoing;
  form.action = `/case/${id}/promise/`;
  form.setAttribute("aria-label", say("A promise in case {case}", { case: id }));
  form.setAttribute("role", "group");
  form.addEventListener("submit", (event) => keep(event, form, changed));
  $("[data-ignore]", form).addEventListener("click", () => form.remove());
  $("[data-later]", form).addEventListener("click", (event) => {
    $("label", form).classList.remove("sr");
    event.currentTarget.remove();
    form.elements.due.focus();
  });
  $("#toasts").append(form);
  speak(asked);
}

async function keep(event, form, changed) {
  event.preventDefault();
  event.stopPropagation();
  try {
    const answer = await act(form.action, new FormData(form));
    form.remove();
    notice(answer.says);
    changed();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    complain(error);
  }
}
