/* Pictures of posts: a quiet box where one cannot be shown, and a large view with keys.
   Without this script a picture opens on a page of its own. */
import { $, $$ } from "./page.js";
import { say } from "./words.js";

/* ── what cannot be shown ────────────────────────────────────────── */

/** Why a picture is not there, in the desk's words. */
async function reason(address) {
  try {
    const answer = await fetch(address, { headers: { "X-Desk": "1" } });
    if (answer.ok) return say("It came too late. Load the page again.");
    if (answer.status === 401) return say("Sign in again to see it.");
    return answer.status === 404 ? await answer.text() : say("The desk cannot look it up just now.");
  } catch {
    return say("The desk did not answer.");
  }
}

async function unseen(picture) {
  if (picture.matches(".ava__p, .reel__p")) return void (picture.hidden = true);
  if (!picture.matches(".shot img")) return;
  const box = $("#unseen").content.firstElementChild.cloneNode(true);
  const why = $(".unseen__why", box), shot = picture.closest(".shot");
  $(".unseen__alt", box).textContent = picture.alt;
  shot.classList.add("is-unseen");
  $(".shot__a", shot).replaceWith(box);
  why.textContent = await reason(picture.getAttribute("src"));
}

addEventListener("error", (event) => event.target.matches?.("img") && unseen(event.target), true);
for (const picture of $$(".shot img, .ava__p, .reel__p"))
  if (picture.complete && picture.currentSrc && !picture.naturalWidth) unseen(picture);

/* ── the large view ──────────────────────────────────────────────── */

const viewer = $("#viewer");
let shots = [], at = 0, from = null;

function show(n) {
  at = (n + shots.length) % shots.length;
  const shot = shots[at], small = $("img", shot), large = $("img", viewer);
  large.src = small.getAttribute("src");
  large.alt = small.alt;
  $("figcaption", viewer).textContent = $(".shot__alt", shot).textContent;
  $("a", viewer).href = large.src;
  $(".viewer__n", viewer).textContent = shots.length > 1 ? say("{n} of {all}", { n: at + 1, all: shots.length }) : "";
  for (const button of $$("[data-to]", viewer)) button.hidden = shots.length < 2;
}

addEventListener("click", (event) => {
  const link = event.target.closest("[data-shot]");
  if (link && !(event.metaKey || event.ctrlKey || event.shiftKey || event.button)) {
    event.preventDefault();
    const post = link.closest("[data-shot-of]").dataset.shotOf;
    shots = $$(`[data-shot-of="${CSS.escape(post)}"]:not(.is-unseen)`);
    from = link;
    show(shots.indexOf(link.closest(".shot")));
    viewer.showModal();
  }
  const step = event.target.closest("#viewer [data-to]");
  if (step) show(at + Number(step.dataset.to));
  if (event.target === viewer) viewer.close(); // beside the picture
});

viewer.addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: shots.length - 1 - at }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const turned = document.dir === "rtl" && event.key.startsWith("Arrow") ? -step : step;
  show(at + turned);
});

viewer.addEventListener("close", () => from?.isConnected && from.focus());
