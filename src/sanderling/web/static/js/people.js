/* People and the hand-over board: looked at again when somebody comes, goes or gives a shift, but not
   while a form is open. */
import { $, calmly, morph, onLive, part } from "./page.js";

const keep = (node) => node.matches?.("details[open], form");
const look = calmly(async () => {
  const there = new DOMParser().parseFromString(await part(location.pathname + location.search), "text/html");
  morph($(".page__in"), there.querySelector(".page__in"), { keep });
}, 2000);

onLive((topics) => (topics.has("*") || topics.has("people")) && look());
