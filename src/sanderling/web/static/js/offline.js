/* The page without a line: what is still kept in this browser, and on as soon as there is a line. */
import { allHeld, remembered } from "./drafts.js";

const $ = (selector, from = document) => from.querySelector(selector);
const EVERY = 10_000;
const LONGEST = 280;

const kept = allHeld(remembered());
$("#still").hidden = !kept.length;
$("#none").hidden = Boolean(kept.length);
for (const { number, room, text } of kept) {
  const one = $("#one").content.firstElementChild.cloneNode(true);
  $("b", one).textContent = `#${number}`;
  $("span", one).textContent = ` ${$(`[data-word="${room.replace("~", "")}"]`)?.textContent ?? ""}`;
  $("p", one).textContent = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  $("#still ul").append(one);
}

/** The address bar still names the page that was wanted; where it names this one, the Desk is. */
const on = () => (location.pathname === "/offline/" ? location.replace("/desk/") : location.reload());

async function tryAgain() {
  try {
    await fetch("/manifest.webmanifest", { cache: "no-store" });
  } catch {
    return;
  }
  on();
}

$("[data-again]").addEventListener("click", on);
addEventListener("online", tryAgain);
setInterval(tryAgain, EVERY);
