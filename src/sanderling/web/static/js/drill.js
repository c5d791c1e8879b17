/* The mark of a drill: it comes and goes while a page stands open, is said once, and counts down. */
import { inWords, now } from "./clock.js";
import { $, afterAct, calmly, morph, onLive, part, speak } from "./page.js";
import { say } from "./words.js";

let titled = $("#drill").dataset.title ?? "";

function mark() {
  const { drill, says, title = "" } = $("#drill").dataset;
  if (title !== titled) {
    document.title = [title, document.title.slice(titled && titled.length + 1)].filter(Boolean).join(" ");
    titled = title;
  }
  if (!drill || sessionStorage.getItem("drill") === drill) return;
  sessionStorage.setItem("drill", drill);
  speak(says);
}

function count() {
  const left = $("#drill [data-left]");
  if (left) left.textContent = say("{length} left", { length: inWords(Math.max(0, $("#drill").dataset.until - now()) / 1000) });
}

const look = calmly(async () => {
  morph($("#drill"), await part("/drills/banner"));
  mark();
}, 1000);

onLive((topics) => (topics.has("*") || topics.has("incidents")) && look());
afterAct("drill", ({ to }) => location.assign(to));
setInterval(count, 15_000);
mark();
