/* Notices for an agent who looks elsewhere, on their desktop and by a sound: from one tab of a browser,
   the one that holds the lock, and each once. The desk decides what is told, and in which words. */
import { calmly, onLive, part, root } from "./page.js";
import { sound } from "./tone.js";

const GAP = 3_000; // ms between two looks
const BEFORE = 60_000; // ms before this page was made that may still be news: another page was on its way then
const KEPT = 300;
const mine = `agent-${root.dataset.agent}`;
const place = `sanderling-noticed-${root.dataset.agent}`;
const news = ["*", "alerts", "queues", mine];
let leads = false, asks = false;

const noticed = () => JSON.parse(localStorage.getItem(place) ?? "[]");

const look = calmly(async () => {
  const since = Number(root.dataset.now) - BEFORE;
  const { desktop, sound: sounds, notices } = JSON.parse(await part(`/notices?since=${since}`));
  const known = noticed(), fresh = notices.filter(({ key }) => !known.includes(key));
  if (!fresh.length) return;
  localStorage.setItem(place, JSON.stringify([...known, ...fresh.map(({ key }) => key)].slice(-KEPT)));
  if (desktop) fresh.forEach(show);
  if (sounds) await sound();
}, GAP);

function show({ key, to, title, says }) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { body: says, tag: key });
  notice.onclick = () => {
    window.focus();
    location.href = to;
    notice.close();
  };
}

/** Tell from now on, unless another tab does; once is enough. */
export function begin() {
  if (asks || !root.dataset.tell || !navigator.locks) return;
  asks = true;
  navigator.locks.request(place, () => {
    leads = true;
    look();
    return new Promise(() => {}); // until the tab is closed
  });
}

onLive((topics) => leads && news.some((topic) => topics.has(topic)) && look());
begin();
