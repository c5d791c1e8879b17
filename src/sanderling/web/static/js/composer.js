/* The composer: three ways to write, each with a text of its own that is kept while one types.
   No text goes to a wider room by itself, and no key posts in public without a chord. */
import { held, hold, release } from "./drafts.js";
import { $, act, complain, element, notice, onKey, Refusal, root, speak, sure } from "./page.js";
import { described, refresh } from "./pictures.js";
import { rest, type } from "./presence.js";
import { hasLink, posts, weigh } from "./weigh.js";
import { around, figure, later, many, say } from "./words.js";

const ROOMS = ["public", "direct", "note"];
const KEPT = {
  public: later("Your public reply is kept."),
  direct: later("Your direct message is kept."),
  note: later("Your note is kept."),
};
const BRING = {
  "note direct": later("Use your note as a direct message?"),
  "note public": later("Use your note as a public reply?"),
  "direct public": later("Use your direct message as a public reply?"),
};
const WIDTH = { note: 0, direct: 1, public: 2 };
const KEEP_EVERY = 2000;
const MOST_POSTS = 9;

const composer = () => $("#composer");
const room = (form) => form.elements.room.value;
const box = (form, which = room(form)) => $(`#draft-${which}`, form);

/** What to do when an answer is on its way: `sent(answer, form)`. */
let sent = () => {};
export const onSent = (work) => (sent = work);

/* ── how it looks ────────────────────────────────────────────────── */

function paint(form) {
  const area = box(form), counter = $(".counter", form);
  const most = Number(area.dataset.most), sign = room(form) === "note" ? "" : ` ^${form.dataset.initials}`;
  const counts = room(form) === "note" ? "graphemes" : form.dataset.counts;
  const n = area.value.trim() ? weigh(area.value.trim() + sign, counts) : 0;
  counter.hidden = !most || (room(form) === "note" && n < most * 0.8);
  counter.style.setProperty("--used", Math.min(100, (100 * n) / most));
  const thread = n > most && room(form) !== "note" ? posts(area.value.trim(), most, counts, sign) : 1;
  const over = n > most && (thread === 1 || thread > MOST_POSTS);
  counter.dataset.state = over ? "over" : thread > 1 ? "thread" : n > most * 0.9 ? "near" : "";
  const [shown, words] = counted(n, most, { thread, over });
  const strong = document.createElement("b");
  strong.textContent = figure(shown);
  $("span", counter).replaceChildren(...around(words, "n", strong));
  const price = $("#price", form), linked = hasLink(area.value), { price: plain = "", priceWithLink: dear = "" } = area.dataset;
  price.hidden = "closed" in area.dataset;
  price.textContent = linked && dear !== plain ? say("{price} with a link", { price: dear }) : plain;
  price.title = dear && dear !== plain ? say("Without a link: {plain}. With a link: {dear}.", { plain, dear }) : "";
  price.toggleAttribute("data-dear", linked && dear !== plain);
  form.toggleAttribute("data-blocked", over || "closed" in area.dataset);
  offer(form);
}

/** The figure of the counter, and the sentence that it belongs into, in place of {n}. */
function counted(n, most, { thread, over }) {
  const place = { n: "{n}" };
  if (over) return [n - most, many("{n} too long", "{n} too long", n - most, place)];
  if (thread > 1) return [thread, many("{n} post", "{n} posts", thread, place)];
  return [n, many("{n} of {most}", "{n} of {most}", n, { ...place, most: figure(most) })];
}

/** Texts in other rooms stay there; this line offers to bring one over. */
function offer(form) {
  const line = $("#kept", form), here = room(form);
  if (askBack(form, line)) return;
  const other = ROOMS.find((r) => r !== here && box(form, r).value.trim());
  line.hidden = !other || Boolean(box(form).value.trim());
  if (line.hidden) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "link", textContent: say("Use it here") });
  button.addEventListener("click", () => bring(form, other, here));
  line.replaceChildren(say(KEPT[other]), " ", button);
}

async function bring(form, from, to) {
  const wider = WIDTH[to] > WIDTH[from];
  const who = to === "public" ? say("Everyone will be able to read it.") : say("The customer will be able to read it.");
  const asked = BRING[`${from} ${to}`];
  if (wider && !(await sure(say(asked), who, say("Use it here")))) return;
  box(form, to).value = box(form, from).value;
  if (!wider) box(form, from).value = ""; // what was written for fewer stays, so that sending asks once more
  keep(form, from);
  keep(form, to);
  paint(form);
  box(form).focus();
}

/** Choose who reads it, and write. */
export function write(which) {
  const form = composer();
  if (!form) return false;
  form.elements.room.value = which;
  paint(form);
  stop(form);
  box(form).focus();
  box(form).setSelectionRange(box(form).value.length, box(form).value.length);
}

/** The story went on: what stood against an answer may be gone, or have come. */
export function weighAgain(story) {
  const form = composer();
  $("#care", form).hidden = !story.care;
  for (const which of ["public", "direct"]) {
    const why = story[which === "public" ? "cannotPublic" : "cannotDirect"], area = box(form, which), line = $(`#cannot-${which}`, form);
    const words = $("span > span", line);
    if (words.textContent === why) continue;
    words.textContent = why;
    line.hidden = !why;
    area.readOnly = Boolean(why);
    area.toggleAttribute("data-closed", Boolean(why));
  }
  paint(form);
}

/** What stops an answer, as the desk says it; nothing, if nothing does any more. */
function stop(form, panel = "") {
  const place = $("#stopped", form);
  place.hidden = !panel;
  place.replaceChildren(...(panel ? [element(panel)] : []));
  const direct = $("[data-to-direct]", place);
  if (direct) direct.hidden = "closed" in box(form, "direct").dataset;
}

/** Mark some characters of the text, as the desk counts them: without the space around it. */
function mark(form, from, to) {
  const area = box(form), signs = [...area.value.trim()];
  const lead = area.value.length - area.value.trimStart().length;
  const place = (n) => lead + signs.slice(0, n).join("").length;
  area.focus();
  area.setSelectionRange(place(from), place(to));
}

/** Put a wording in place of what is minded, or before the text where all of it is. */
function reword(form, { instead, showFrom, showTo }) {
  const area = box(form);
  if (Number(showFrom) < 0) area.setRangeText(`${instead}\n\n`, 0, 0, "end");
  else {
    mark(form, Number(showFrom), Number(showTo));
    area.setRangeText(instead, area.selectionStart, area.selectionEnd, "end");
  }
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

/** Which post a public reply answers; the customer's newest where none is chosen. */
function aim(form, post = "", handle = "") {
  form.elements.reply_to.value = post;
  const to = $("#aud-to", form);
  to.textContent = handle || to.dataset.default;
  $("[data-reply]", form).hidden = !post;
}

/* ── keeping drafts ──────────────────────────────────────────────── */

const kept = new WeakMap(); // textarea -> the text the desk has

const known = (area) => kept.get(area) ?? area.defaultValue;

async function keep(form, which = room(form)) {
  const area = box(form, which);
  if (known(area) === area.value) return;
  const text = area.value, before = known(area);
  kept.set(area, text);
  try {
    await act(`/case/${form.dataset.case}/draft/`, { room: which, text });
    if (area.value === text) release(root.dataset.agent, form.dataset.case, which);
    $("#saved", form).textContent = text.trim() ? say("Draft kept") : "";
  } catch (error) {
    kept.set(area, before);
    if (!(error instanceof Refusal)) throw error;
    const here = error.facts.lost && holdHere(form, which);
    $("#saved", form).textContent = here ? say("No line: kept in this browser") : say("Draft not kept yet");
  }
}

/** Until the desk has a text, this browser keeps it: through a reload, a crash, a lost line. */
function holdHere(form, which = room(form)) {
  const area = box(form, which);
  if (known(area) !== area.value) return hold(root.dataset.agent, form.dataset.case, which, area.value, known(area));
  release(root.dataset.agent, form.dataset.case, which);
  return false;
}

const waits = new Map(); // box -> a text for it that the desk never got, and somebody must decide about
const WAITS = "~";

/** Put back what the desk never got. Where its draft has changed meanwhile, elsewhere, ask. */
function bringBack(form, which) {
  const area = box(form, which), { agent } = root.dataset, number = form.dataset.case;
  const found = held(agent, number, which), waiting = held(agent, number, which + WAITS);
  if (waiting) waits.set(area, waiting.text);
  if (!found) return;
  release(agent, number, which);
  if (found.text === area.value) return;
  if (area.value.trim() && area.value !== found.base) {
    hold(agent, number, which + WAITS, found.text, "");
    waits.set(area, found.text);
    return;
  }
  area.value = found.text;
  holdHere(form, which);
  $("#saved", form).textContent = say("Brought back from this browser");
  keep(form, which);
}

/** The line that asks about a text that waits; true where there is one. */
function askBack(form, line) {
  const area = box(form), which = room(form), text = waits.get(area);
  if (text === undefined) return false;
  const add = document.createElement("button"), drop = document.createElement("button");
  Object.assign(add, { type: "button", className: "link", textContent: say("Add it here") });
  Object.assign(drop, { type: "button", className: "link", textContent: say("Forget it") });
  const decided = (whole) => {
    waits.delete(area);
    release(root.dataset.agent, form.dataset.case, which + WAITS);
    area.value = whole;
    keep(form, which);
    paint(form);
    area.focus();
  };
  add.addEventListener("click", () => decided(`${area.value.trimEnd()}\n${text}`.trim()));
  drop.addEventListener("click", () => decided(area.value));
  line.replaceChildren(say("A text of yours that the desk never got is kept in this browser."), " ", add, " ", drop);
  line.hidden = false;
  return true;
}

addEventListener("online", () => keepAll());

setInterval(() => composer() && keep(composer()), KEEP_EVERY);

/** Keep every text of a composer that is about to go. */
export function keepAll(form = composer()) {
  if (form) for (const which of ROOMS) keep(form, which);
}

addEventListener("pagehide", () => {
  const form = composer();
  if (!form) return;
  for (const which of ROOMS) {
    const area = box(form, which);
    if (known(area) === area.value) continue;
    const body = new URLSearchParams({ room: which, text: area.value });
    body.set("csrfmiddlewaretoken", $("meta[name=csrf]").content);
    navigator.sendBeacon(`/case/${form.dataset.case}/draft/`, body);
  }
});

/** The desk has these drafts now (an answer was taken back). */
export function restore(drafts) {
  const form = composer();
  for (const [which, text] of Object.entries(drafts)) {
    box(form, which).value = text;
    kept.set(box(form, which), text);
  }
  refresh(form).catch(() => {}); // the text is back all the same
  paint(form);
}

/* ── sending ─────────────────────────────────────────────────────── */

let sending = false, meant = "wait";

/** Names one answer: it may come to the desk twice, over a bad line, and counts once. */
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function send(form, then, more = {}) {
  const area = box(form);
  if (sending) return;
  if ("closed" in area.dataset) return speak($(`#cannot-${room(form)}`).textContent);
  const pictures = await described(form);
  if (!pictures) return;
  const { elements } = form;
  const fields = new URLSearchParams({ room: room(form), then, key: elements.key.value, seen: elements.seen.value, reply_to: elements.reply_to.value, ...pictures });
  fields.set(area.name, area.value);
  for (const rule of more.confirmed ?? []) fields.append("confirmed", rule);
  if ($("#invites", form)?.checked) fields.set("invites", "yes");
  meant = then;
  sending = true;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await act(`/case/${form.dataset.case}/send/`, fields);
    elements.key.value = newKey();
    area.value = "";
    kept.set(area, "");
    release(root.dataset.agent, form.dataset.case, room(form));
    if ($("#invites", form)) $("#invites", form).checked = false;
    stop(form);
    aim(form);
    rest();
    paint(form);
    $("#saved", form).textContent = "";
    refresh(form).catch(() => {}); // it left all the same
    $("#machine", form).hidden = true;
    sent(answer, form);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.facts.renew) elements.key.value = newKey();
    if (error.facts.panel) stop(form, error.facts.panel);
    else if (error.facts.unsure && room(form) !== "note") notice(say("The desk did not answer. Your text is kept. Send it again: it does not leave twice."), { bad: true });
    else if (error.facts.lost) notice(say("No line to the desk. Your text is kept here: send it again when the line is back."), { bad: true });
    else complain(error);
  } finally {
    sending = false;
    form.removeAttribute("aria-busy");
  }
}

/* ── listening to the form, whichever case it belongs to ─────────── */

addEventListener("input", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form || event.target.type === "radio") return;
  stop(form);
  type(room(form), event.target.value);
  if (event.target.matches("textarea")) holdHere(form);
  paint(form);
});

addEventListener("change", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form || event.target.name !== "room") return;
  keepAll(form);
  stop(form);
  paint(form);
});

/** Inviting writes the words for it, where nothing is written yet, and takes back only those. */
addEventListener("change", (event) => {
  if (event.target.id !== "invites") return;
  const form = event.target.form, area = box(form, "public"), words = event.target.dataset.invitation;
  if (event.target.checked && !area.value.trim()) area.value = words;
  else if (!event.target.checked && area.value === words) area.value = "";
  keep(form, "public");
  paint(form);
});

addEventListener("click", (event) => {
  if (!event.target.closest("[data-invite]")) return;
  write("public");
  const tick = $("#invites");
  if (!tick.checked) tick.click();
  box(composer(), "public").focus();
});

addEventListener("focusout", (event) => {
  const form = event.target.closest?.(".composer");
  if (form?.isConnected && event.target.matches("textarea")) keep(form);
});

addEventListener("submit", (event) => {
  if (!event.target.matches(".composer")) return;
  event.preventDefault();
  event.target.querySelector("[popover]:popover-open")?.hidePopover();
  send(event.target, event.submitter?.value || "wait");
});

addEventListener("click", (event) => {
  if (event.target.closest("[data-to-direct]")) {
    const form = composer(), text = box(form, "public").value;
    if (box(form, "direct").value.trim() && box(form, "direct").value.trim() !== text.trim()) {
      notice(say("There is a direct message already. Both texts are kept."));
    } else {
      box(form, "direct").value = text;
      box(form, "public").value = "";
      keepAll(form);
    }
    write("direct");
  }
  decide(event);
  const other = event.target.closest("[data-write]");
  if (other) {
    other.closest("dialog")?.close();
    write(other.dataset.write);
  }
});

/** What an agent does about what stops their answer, and whom they answer. */
function decide(event) {
  const form = composer(), button = event.target.closest("[data-anyway], [data-change], [data-show-from], [data-reply]");
  if (!form || !button) return;
  const { seen, confirmed, showFrom, showTo } = button.dataset;
  if (Number(seen)) form.elements.seen.value = seen;
  if ("instead" in button.dataset) reword(form, button.dataset);
  else if ("showFrom" in button.dataset) mark(form, Number(showFrom), Number(showTo));
  if ("change" in button.dataset) {
    stop(form);
    box(form).focus();
  }
  if ("anyway" in button.dataset) send(form, meant, { confirmed: confirmed.split("|") });
  if ("reply" in button.dataset) {
    event.preventDefault();
    aim(form, button.dataset.reply, button.dataset.handle);
    write("public");
  }
}

addEventListener("keydown", (event) => {
  const form = event.target.closest?.(".composer");
  if (!form) return;
  if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
    event.preventDefault();
    send(form, event.shiftKey ? "keep open" : "wait");
  }
  if (event.key === "Escape" && event.target.matches("textarea")) {
    event.preventDefault();
    const row = $('.row[aria-current="true"] .row__link');
    (row?.offsetParent ? row : $("#tl")).focus();
  }
});

for (const [key, which] of [["1", "public"], ["2", "direct"], ["3", "note"]])
  onKey(key, () => write(which));

/** A composer has come onto the page. */
export function ready() {
  const form = composer();
  if (!form) return;
  for (const which of ROOMS) bringBack(form, which);
  paint(form);
}
