/* A public status while it is written: how long it is on each network. The server judges. */
import { $, $$, act, afterAct, complain, morph, notice, part, sure } from "./page.js";
import { posts, weigh } from "./weigh.js";
import { many, say } from "./words.js";

const form = () => $(".status__form");

/** What an account would say, as core's Status has it. */
function words(box) {
  const { elements } = form(), link = elements.link.value.trim();
  const text = elements[`own_${box.value}`]?.value.trim() || elements.text.value.trim();
  return !link || text.includes(link) ? text : `${text} ${link}`;
}

function count() {
  if (!form()) return;
  const sign = form().dataset.initials ? ` ^${form().dataset.initials}` : "";
  for (const box of $$("[name=account]", form())) {
    const { most, counts } = box.dataset, text = words(box), out = $(`[data-of="${box.value}"]`, form());
    const n = posts(text, Number(most), counts, sign);
    const says = n > 1 ? many("{n} post", "{n} posts", n) : `${weigh(text + sign, counts)}/${most}`;
    if (out.textContent !== says) out.textContent = says;
    out.classList.toggle("is-thread", n > 1);
  }
}

async function look() {
  const there = $("#incident-status");
  morph(there, await part(`/incidents/${there.dataset.incident}/status/`));
  count();
}

afterAct("status", async (answer, sent) => {
  sent.reset();
  notice(answer.says);
  await look();
});

/** What speaks against a status may be overruled by who answers for it. */
addEventListener("refused", async (event) => {
  const { message, facts } = event.detail, sent = event.target;
  if (sent !== form() || !facts.ask) return;
  event.preventDefault();
  const body = new FormData(sent);
  if (!(await sure(say("One question first"), message, facts.ask))) return;
  for (const rule of facts.confirmed) body.append("confirmed", rule);
  try {
    const answer = await act(sent.action, body);
    sent.reset();
    notice(answer.says);
    await look();
  } catch (error) {
    complain(error);
  }
});

addEventListener("input", (event) => event.target.closest?.(".status__form") && count());
new MutationObserver(count).observe($("#main"), { childList: true, subtree: true }); // whoever looks again
count();
