/* Lines over time, drawn by uPlot from what an element says: data-points is a list of [seconds,
   posts, low, high], data-marks of [seconds, words, look]. Colours are the tokens, so a figure is
   drawn anew when the theme changes; in pages that read from the right, time runs that way too. */
import { $, $$, element, root } from "./page.js";
import { figure, many } from "./words.js";
import { uPlot } from "../vendor/uPlot@1.6.32/uPlot.min.js";

const RTL = root.dir === "rtl";
const zone = root.dataset.zone || undefined;
const time = new Intl.DateTimeFormat(root.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", numberingSystem: "latn", timeZone: zone });
const day = new Intl.DateTimeFormat(root.lang, { day: "numeric", month: "short", numberingSystem: "latn", timeZone: zone });
const DAY = 86400;
const ROW = 15, SIDE = 22; // px for a line of words above the drawing, and for half a time beside it
const LOOKS = { noticed: ["--danger-text", []], told: ["--public-text", [3, 3]], known: ["--public-text", [3, 3]] };
const drawn = new Map(); // element -> its plot

/** A token as a canvas understands it. */
function colour(token) {
  const probe = element(`<i hidden></i>`);
  document.body.append(probe);
  probe.style.color = `var(${token})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const font = (weight, scale = 1) => `${weight} ${11 * scale}px ${getComputedStyle(document.body).fontFamily}`;
const read = (box) => ({ points: JSON.parse(box.dataset.points), marks: JSON.parse(box.dataset.marks) });
const columns = (points) => [0, 1, 2, 3].map((n) => points.map((point) => point[n]));
const when = (seconds) => time.format(seconds * 1000);

/** Ticks: times of day, and the day where a new one begins or the steps are days. */
const ticks = (plot, found) => found.map((at, i) => {
  const wide = found.length > 1 && found[1] - found[0] >= DAY;
  const first = i > 0 && day.format(at * 1000) !== day.format(found[i - 1] * 1000);
  return wide || first ? day.format(at * 1000) : when(at);
});

/** The lines of what happened, each with its words where they cover no others: in one of two rows. */
function marks(plot, list) {
  const { ctx, bbox } = plot, scale = devicePixelRatio, ends = [[], []];
  ctx.save();
  ctx.font = font(600, scale);
  for (const [at, words, look] of list) {
    const x = Math.round(plot.valToPos(at, "x", true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    const [token, dash] = LOOKS[look] ?? LOOKS.told;
    const wide = ctx.measureText(words).width, gap = 5 * scale;
    const fits = (from, row) => from > 0 && from + wide < plot.width * scale && !ends[row].some(([a, b]) => from < b + gap && a < from + wide + gap);
    const places = [[x + gap, 0], [x - gap - wide, 0], [x + gap, 1], [x - gap - wide, 1]];
    const [from, row] = places.find(([place, line]) => fits(place, line)) ?? [];
    ctx.strokeStyle = ctx.fillStyle = colour(token);
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash(dash.map((n) => n * scale));
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - (row === 1 ? ROW : 2 * ROW) * scale);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    if (from === undefined) continue;
    ends[row].push([from, from + wide]);
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(words, from, bbox.top - (row === 1 ? 0.5 : 1.5) * ROW * scale);
  }
  ctx.restore();
}

/** What is usual, said in the band itself where the drawing begins. */
function usual(plot, box, points) {
  const top = points[0]?.[3];
  if (!top) return;
  const { ctx, bbox } = plot, scale = devicePixelRatio;
  ctx.save();
  ctx.font = font(500, scale);
  ctx.fillStyle = colour("--text-3");
  ctx.textAlign = RTL ? "right" : "left";
  ctx.textBaseline = "bottom";
  ctx.fillText(box.dataset.usual, RTL ? bbox.left + bbox.width - 4 * scale : bbox.left + 4 * scale, plot.valToPos(top, "y", true) - 3 * scale);
  ctx.restore();
}

function tell(plot, tip, box) {
  const { idx, left } = plot.cursor;
  if (idx == null || left < 0) return void (tip.textContent = "");
  const [at, posts] = [plot.data[0][idx], plot.data[1][idx]];
  tip.textContent = `${when(at)} · ${many("{n} post", "{n} posts", posts)}`;
  const x = plot.over.offsetLeft + left, wide = tip.offsetWidth;
  tip.style.transform = `translateX(${Math.max(0, Math.min(box.clientWidth - wide, x < box.clientWidth / 2 ? x + 12 : x - wide - 12))}px)`;
}

function draw(box) {
  drawn.get(box)?.destroy();
  const inside = $(".chart__box", box);
  inside.replaceChildren();
  const tip = element(`<div class="chart__tip" aria-hidden="true" dir="auto"></div>`);
  const data = columns(read(box).points);
  const text = { stroke: colour("--text-3"), font: font(500), ticks: { show: false }, gap: 6 };
  const edge = { stroke: "transparent", points: { show: false } };
  drawn.set(box, new uPlot({
    width: box.clientWidth,
    height: box.clientHeight,
    tzDate: (seconds) => (zone ? uPlot.tzDate(new Date(seconds * 1000), zone) : new Date(seconds * 1000)),
    padding: [2 * ROW + 2, RTL ? 0 : SIDE, 0, RTL ? SIDE : 0],
    scales: { x: { dir: RTL ? -1 : 1 }, y: { range: (plot, low, high) => [0, Math.max(4, Math.ceil(high * 1.08))] } },
    series: [{}, { stroke: colour("--data-1"), width: 2, fill: colour("--band"), points: { show: false } }, edge, edge],
    bands: [{ series: [3, 2], fill: colour("--grid") }],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 8, fill: colour("--data-1") } },
    axes: [
      { ...text, size: 26, grid: { show: false }, space: 70, values: ticks },
      { ...text, side: RTL ? 1 : 3, size: 40, space: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4], grid: { stroke: colour("--grid"), width: 1 }, values: (plot, found) => found.map(figure) },
    ],
    hooks: {
      draw: [(plot) => { const now = read(box); usual(plot, box, now.points); marks(plot, now.marks); }],
      setCursor: [(plot) => tell(plot, tip, box)],
    },
  }, data, inside));
  inside.append(tip);
}

const sized = new ResizeObserver((entries) => {
  for (const { target } of entries) drawn.get(target)?.setSize({ width: target.clientWidth, height: target.clientHeight });
});
const changed = new MutationObserver((records) => {
  for (const box of new Set(records.map((record) => record.target))) drawn.get(box)?.setData(columns(read(box).points));
});

/** Draw every figure of the page that is not drawn yet. */
export function charts() {
  for (const [box, plot] of drawn) if (!box.isConnected) { plot.destroy(); drawn.delete(box); }
  for (const box of $$("[data-points]")) {
    if (drawn.has(box)) continue;
    draw(box);
    sized.observe(box);
    changed.observe(box, { attributeFilter: ["data-points", "data-marks"] });
  }
}

const again = () => [...drawn.keys()].forEach(draw);
new MutationObserver(again).observe(root, { attributeFilter: ["data-theme", "data-density"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
document.fonts?.ready.then(again);
