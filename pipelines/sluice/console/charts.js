// Charts over time: stacked bars with a legend, a tip under the pointer, and the same numbers as a table.
import { bar, el, table } from "./dom.js";
import { day } from "./format.js";
import { colour } from "./theme.js";
import { say } from "./words.js";

const HEIGHT = 212;
const drawn = new Map();

/**
 * Bars that stand on each other. `series`: {name, colour, values}, `at`: days, `shown`: how a value is written.
 * The canvas is for the eye; a screen reader gets the sentence of its label and the table.
 */
export function stacked({ label, at, series, shown, axis = shown, sentence }) {
  const host = el("div", { class: "chart", role: "img", "aria-label": sentence });
  const legend = el("ul", { class: "legend", "aria-hidden": "true" }, series.map((one) => el("li", {}, dot(one), one.name)));
  const columns = [
    { name: say("day"), of: (index) => day(at[index], { long: true }) },
    ...series.map((one) => ({ name: one.name, number: true, of: (index) => shown(one.values[index]) })),
  ];
  const days = at.map((_, index) => index).reverse();
  const behind = el("details", {}, el("summary", {}, say("asTable")), table(columns, days, label));
  keepOpen(label, behind);
  requestAnimationFrame(() => plot(label, host, { at, series, shown, axis }));
  return el("figure", {}, legend, host, behind);
}

/** Rows with a bar in each: what there is most of, first. */
export function ranked({ rows, share, columns, caption, kind = () => "" }) {
  const biggest = Math.max(...rows.map(share), 0) || 1;
  const [name, ...rest] = columns;
  const drawnBar = { name: "", wide: true, of: (row) => bar({ share: share(row) / biggest, kind: kind(row) }) };
  return table([name, drawnBar, ...rest], rows, caption);
}

const open = new Set();

/** What somebody opened stays open when figures come anew. */
export function keepOpen(label, details) {
  details.open = open.has(label);
  details.addEventListener("toggle", () => (details.open ? open.add(label) : open.delete(label)));
}

function plot(label, host, { at, series, shown, axis }) {
  drawn.get(label)?.();
  const totals = heights(series);
  const order = series.map((_, index) => index).reverse(); // the tallest first, so that each covers the one before
  const data = [at.map((_, index) => index), ...order.map((index) => totals[index])];
  const tip = el("div", { class: "tip", hidden: true });
  const chart = new uPlot(options({ at, series, order, axis, host, tip, shown }), data, host);
  host.append(tip);
  const watcher = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: HEIGHT }));
  watcher.observe(host);
  drawn.set(label, () => {
    watcher.disconnect();
    chart.destroy();
  });
}

/** The upper edge of each series, standing on those before it. */
function heights(series) {
  const below = series[0].values.map(() => 0);
  return series.map((one) => one.values.map((value, index) => (below[index] += Number(value) || 0)));
}

function options({ at, series, order, axis, host, tip, shown }) {
  const quiet = colour("quiet");
  const font = "12px ui-sans-serif, system-ui, sans-serif";
  const bars = (radius) => uPlot.paths.bars({ size: [0.72, 34], radius: [radius, 0], align: 0 });
  const every = Math.max(1, Math.ceil(at.length / Math.max(2, Math.floor(host.clientWidth / 84))));
  const days = at.map((_, index) => index).filter((index) => (at.length - 1 - index) % every === 0);
  return {
    width: host.clientWidth, height: HEIGHT, padding: [14, 26, 0, 0], legend: { show: false },
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
    scales: { x: { time: false, range: [-0.6, at.length - 0.4] }, y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] } },
    axes: [
      { stroke: quiet, font, size: 28, gap: 6, grid: { show: false }, ticks: { show: false }, splits: () => days, values: (_, splits) => splits.map((index) => day(at[index])) },
      { stroke: quiet, font, size: 62, gap: 6, grid: { stroke: colour("faint"), width: 1 }, ticks: { show: false }, splits: steps, values: (_, splits) => splits.map((value) => axis(value)) },
    ],
    // Only the tallest is round: behind a round edge, what it covers would show.
    series: [{}, ...order.map((index, place) => ({ stroke: "transparent", width: 0, fill: colour(series[index].colour), paths: bars(place ? 0 : 0.2), points: { show: false } }))],
    hooks: { setCursor: [(chart) => tell(chart, tip, { at, series, shown })] },
  };
}

/** Four round steps up to the top. */
function steps(chart) {
  const most = chart.scales.y.max;
  const rough = most / 4;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * size).find((one) => one >= rough);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

function tell(chart, tip, { at, series, shown }) {
  const index = chart.cursor.idx;
  tip.hidden = index === null || index === undefined || chart.cursor.left < 0;
  if (tip.hidden) return;
  const rows = series.filter((one) => Number(one.values[index])).map((one) => el("li", {}, dot(one), el("span", {}, one.name), el("span", {}, shown(one.values[index]))));
  tip.replaceChildren(el("b", {}, day(at[index], { long: true })), el("ul", {}, rows.length ? rows : el("li", {}, say("nothing"))));
  const left = chart.bbox.left / devicePixelRatio + chart.cursor.left;
  const room = chart.width - tip.offsetWidth;
  Object.assign(tip.style, { top: "4px", left: `${Math.max(0, Math.min(room, left > chart.width / 2 ? left - tip.offsetWidth - 14 : left + 14))}px` });
}

function dot(one) {
  return el("span", { class: "dot", style: { background: `var(--${one.colour})` } });
}
