/* What is at risk, told by the title and the icon of every page: a number, and a dot with a mark. */
import { $, calmly, morph, onLive, part } from "./page.js";

const queues = $("#queues"), icon = $("#favicon");

function draw() {
  const n = Number(queues.dataset.atRisk), bare = document.title.replace(/^\(\d+\) /, "");
  document.title = n > 0 ? `(${n}) ${bare}` : bare;
  const href = n > 0 ? icon.dataset.risk : icon.dataset.calm;
  if (icon.getAttribute("href") !== href) icon.setAttribute("href", href);
}

const look = calmly(async () => morph(queues, await part("/badges?page=other")), 2_000);

new MutationObserver(draw).observe(queues, { attributes: true, attributeFilter: ["data-at-risk"] });

const desk = $(".app--desk"); // which keeps its own numbers
onLive((topics) => {
  if (!desk && ["*", "queues", "alerts"].some((topic) => topics.has(topic))) look();
});
