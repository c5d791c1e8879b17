/* Judgement: a post's verdict on its own page, and the page of the judges. */
import { $, afterAct, calmly, morph, notice, part } from "./page.js";
import { onCorrected } from "./judging.js";

const keep = (node) => node.matches?.("details[open]:has(form)");

const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part(location.pathname), "text/html");
  for (const id of ["judgement", "judged"]) {
    const fresh = there.getElementById(id);
    if (fresh) morph($(`#${id}`), fresh, { keep });
  }
}, 1000);

const changed = (answer, form) => {
  notice(answer.says);
  form.closest("details")?.removeAttribute("open");
  form.reset();
  look();
};

afterAct("topic", changed);
afterAct("layer", changed);
onCorrected(look);
setInterval(() => document.hidden || ($("#judgement") && look()), 30_000);
