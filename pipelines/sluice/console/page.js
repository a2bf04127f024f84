// The page, from the most telling figure to the details.
import { budgets, breakEven } from "./limits.js";
import { el } from "./dom.js";
import { findings, overTime, reasons, whereAnswered } from "./flows.js";
import { headline } from "./headline.js";
import { latency } from "./latency.js";
import { say } from "./words.js";
import { spending } from "./spending.js";

/** Show figures in place of what was there; the focus stays where somebody put it. */
export function page(host, found, people) {
  const kept = document.activeElement?.id;
  const parts = found.totals.calls || found.ever ? [...notices(found), grid(found, people), foot(found)] : [empty()];
  host.replaceChildren(...parts);
  if (kept) document.getElementById(kept)?.focus({ preventScroll: true });
}

function grid(found, people) {
  return el(
    "div", { class: "grid" },
    headline(found), overTime(found), whereAnswered(found), spending(found, people), reasons(found), findings(found),
    budgets(found, people), breakEven(found), latency(found),
  );
}

function notices(found) {
  if (!found.unknown_prices.length) return [];
  return [el("p", { class: "notice" }, say("unknownPrices", { models: found.unknown_prices.join(", ") }))];
}

function foot(found) {
  const baseline = found.baseline ? say("comparedWith", { model: found.baseline }) : say("noBaseline");
  return el("p", { class: "foot" }, el("span", {}, baseline), el("span", {}, say("live")));
}

function empty() {
  return el(
    "div", { class: "grid" },
    el("section", { class: "card empty" },
      el("img", { src: "/sluice/assets/mark.svg", alt: "" }),
      el("h2", {}, say("emptyTitle")), el("p", {}, say("emptyText")), el("a", { class: "button", href: "/" }, say("emptyStart"))),
  );
}
