/* What waits for this agent, wherever they are: the number in the frame follows what happens. */
import { $, calmly, morph, part, root } from "./page.js";

const mine = `agent-${root.dataset.agent}`;
const place = () => ($(".app--waiting") ? "?page=waiting" : "");

const look = calmly(async () => morph($("#foryou"), await part(`/foryou${place()}`)), 500);

/** Something changed; `topics` are what. */
export function attend(topics) {
  if (topics.has("*") || topics.has(mine)) look();
}
