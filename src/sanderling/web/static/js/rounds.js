/* Rounds of an incident: acts without leaving the page, and lists that know what was decided. */
import { $, afterAct, morph, notice, part } from "./page.js";

afterAct("round", async (answer) => {
  notice(answer.says);
  const panel = $("#incident-round");
  morph(panel, await part(`/incidents/${panel.dataset.incident}/round/`));
});

afterAct("reach", (answer, form) => {
  notice(answer.says);
  const one = form.closest("li"), next = one.nextElementSibling ?? one.previousElementSibling;
  one.remove();
  next?.querySelector("button, a")?.focus();
});
