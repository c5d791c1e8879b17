/* The page of templates: kept, changed and put away without leaving it. */
import { $, afterAct, morph, notice, part } from "./page.js";

afterAct("template", async (answer, form) => {
  notice(answer.says);
  form.closest("details")?.removeAttribute("open");
  form.reset();
  const there = new DOMParser().parseFromString(await part("/templates/"), "text/html");
  morph($("#templates"), there.getElementById("templates"), { keep: (node) => node.matches?.("details[open]:has(form)") });
});
