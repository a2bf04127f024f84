// How fast and how surely models answer.
import { card, el, table } from "./dom.js";
import { count, percent, seconds } from "./format.js";
import { say } from "./words.js";

export function latency(found) {
  const rows = found.latency;
  const columns = [
    { name: say("by.model"), of: (row) => el("span", {}, row.model, el("span", { class: `tag ${row.location}` }, say(row.location))) },
    { name: say("calls"), number: true, of: (row) => count(row.calls) },
    { name: say("firstToken"), number: true, of: (row) => seconds(row.first_p50) },
    { name: say("firstTokenSlow"), number: true, of: (row) => seconds(row.first_p95) },
    { name: say("whole"), number: true, of: (row) => seconds(row.total_p50) },
    { name: say("failed"), number: true, of: (row) => percent(row.calls ? row.failed / row.calls : 0) },
  ];
  const body = rows.length ? table(columns, rows, say("latency")) : el("p", { class: "nothing" }, say("nothing"));
  return card({ title: say("latency"), beside: el("span", { class: "quiet" }, say("latencyNote")), span: 12, label: "latency" }, body);
}
