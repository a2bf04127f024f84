// Where the money goes and comes back: by model, user, group, preset, kind of call.
import { csv } from "./api.js";
import { card, el } from "./dom.js";
import { ranked } from "./charts.js";
import { brief, count, money, percent } from "./format.js";
import { nameOf, say } from "./words.js";

const MOST = 12; // rows; the rest is in the CSV
let chosen = "model";

export function spending(found, people) {
  const offered = ["model", "user", "group", "preset", "kind"].filter((by) => found.by[by]);
  if (!offered.includes(chosen)) chosen = offered[0];
  const panel = el("div", { role: "tabpanel", id: "spending-panel", "aria-labelledby": `tab-${chosen}` });
  const link = el("a", { download: true }, "CSV");
  const show = () => {
    link.href = csv(found, chosen);
    link.setAttribute("aria-label", `CSV: ${say(`by.${chosen}`)}`);
    panel.setAttribute("aria-labelledby", `tab-${chosen}`);
    panel.replaceChildren(rows(found, people, chosen));
  };
  const tabs = tabList(offered, show);
  show();
  return card({ title: say("spending"), beside: [tabs, link], span: 12, label: "spending" }, panel);
}

/** Tabs that the arrow keys walk through. */
function tabList(offered, show) {
  const buttons = offered.map((by) => el("button", { type: "button", role: "tab", id: `tab-${by}`, "aria-controls": "spending-panel", onclick: () => pick(by) }, say(`by.${by}`)));
  const mark = () => buttons.forEach((button, index) => {
    button.setAttribute("aria-selected", offered[index] === chosen);
    button.tabIndex = offered[index] === chosen ? 0 : -1;
  });
  const pick = (by) => {
    chosen = by;
    mark();
    show();
  };
  mark();
  return el("div", { class: "tabs", role: "tablist", "aria-label": say("spending"), onkeydown: (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (offered.indexOf(chosen) + step + offered.length) % offered.length;
    pick(offered[next]);
    buttons[next].focus();
  } }, buttons);
}

function rows(found, people, by) {
  const all = found.by[by];
  const shown = all.slice(0, MOST);
  if (!shown.length) return el("p", { class: "nothing" }, say("nothing"));
  const worth = (row) => Number(row.cost) || 0;
  const spends = all.some(worth);
  const columns = [
    { name: say(`by.${by}`), of: (row) => label(row, people, by) },
    { name: say("spent"), number: true, of: (row) => (row.unknown ? say("priceUnknown") : money(row.cost)) },
    { name: say("saved"), number: true, of: (row) => money(row.saved) },
    { name: say("calls"), number: true, of: (row) => count(row.calls) },
    ...(by === "user" ? [{ name: say("localPart"), number: true, of: (row) => percent(row.local / (row.calls || 1)) }] : []),
    { name: say("tokens"), number: true, of: (row) => brief(row.tokens) },
  ];
  return ranked({ rows: shown, share: spends ? worth : (row) => row.calls, columns, caption: say("spending"), kind: (row) => (spends ? "cloud" : "local") });
}

function label(row, people, by) {
  const names = { user: people.users, group: people.groups }[by];
  const name = names ? names[row.key] : by === "kind" ? nameOf("kind", row.key) : row.key;
  const text = name || (row.key ? row.key : say(`no.${by}`));
  const place = by === "model" && row.location ? el("span", { class: `tag ${row.location}` }, say(row.location)) : null;
  return [text, place].filter(Boolean).reduce((span, part) => (span.append(part), span), el("span", {}));
}
