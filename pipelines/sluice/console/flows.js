// What happened over time: money, places, why calls left, what the guard found.
import { csv } from "./api.js";
import { card, el } from "./dom.js";
import { ranked, stacked } from "./charts.js";
import { brief, count, money, percent } from "./format.js";
import { nameOf, say } from "./words.js";

const download = (found, by) => el("a", { href: csv(found, by), download: true, "aria-label": `CSV: ${say(`by.${by}`)}` }, "CSV");

export function overTime(found) {
  const { at, cost, saved } = found.series;
  const series = [
    { name: say("spent"), colour: "cloud", values: cost },
    { name: say("saved"), colour: "saved", values: saved },
  ];
  const sentence = say("overTimeSentence", { spent: money(found.totals.cost), saved: money(found.totals.saved), days: found.days });
  return card(
    { title: say("overTime"), beside: download(found, "day"), span: 8, label: "over-time" },
    stacked({ label: say("overTime"), at, series, shown: money, axis: (value) => money(value, { short: true }), sentence }),
  );
}

export function whereAnswered(found) {
  const { at, local, cloud } = found.series;
  const series = [
    { name: say("local"), colour: "local", values: local },
    { name: say("cloud"), colour: "cloud", values: cloud },
  ];
  const { totals } = found;
  const share = percent(totals.local / (totals.local + totals.cloud || 1));
  return card(
    { title: say("whereAnswered"), beside: download(found, "location"), span: 4, label: "where" },
    stacked({ label: say("whereAnswered"), at, series, shown: count, axis: brief, sentence: say("whereSentence", { share }) }),
  );
}

export function reasons(found) {
  const rows = found.reasons;
  const columns = [
    { name: say("reason"), of: (row) => row.reason },
    { name: say("calls"), number: true, of: (row) => count(row.calls) },
  ];
  const body = rows.length
    ? ranked({ rows, share: (row) => row.calls, columns, caption: say("reasons"), kind: () => "cloud" })
    : el("p", { class: "nothing" }, say("nothingLeft"));
  return card({ title: say("reasons"), beside: rows.length ? download(found, "reason") : [], span: 6, label: "reasons" }, body);
}

export function findings(found) {
  const { at, classes } = found.findings;
  const named = Object.entries(classes).map(([name, values]) => ({ name: nameOf("class", name), colour: `class-${name}`, values }));
  const total = named.reduce((sum, one) => sum + one.values.reduce((a, b) => a + b, 0), 0);
  const body = total
    ? stacked({ label: say("findings"), at, series: named, shown: count, axis: brief, sentence: say("findingsSentence", { count: count(total) }) })
    : el("p", { class: "nothing" }, say("nothingFound"));
  return card({ title: say("findings"), beside: total ? download(found, "class") : [], span: 6, label: "findings" }, body);
}
