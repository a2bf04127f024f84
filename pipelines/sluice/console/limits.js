// Budgets with what is left of them, and when the hardware has paid for itself.
import { keepOpen } from "./charts.js";
import { bar, card, el } from "./dom.js";
import { day, money, percent } from "./format.js";
import { say } from "./words.js";

const SHOWN = 5; // the others are folded away

export function budgets(found, people) {
  const order = { team: 0, group: 1, model: 2, user: 3 };
  const sorted = [...found.budgets].sort((one, other) => order[one.scope] - order[other.scope] || used(other) - used(one));
  const items = sorted.map((budget) => one(budget, people));
  const list = (some) => el("ul", { class: "budgets" }, some);
  const rest = el("details", {}, el("summary", {}, say("moreBudgets", { count: items.length - SHOWN })), list(items.slice(SHOWN)));
  keepOpen("budgets", rest);
  const body = items.length ? [list(items.slice(0, SHOWN)), items.length > SHOWN && rest] : el("p", { class: "nothing" }, say("noBudgets"));
  return card({ title: say("budgets"), span: found.scope === "all" ? 6 : 12, label: "budgets" }, body);
}

function one(budget, people) {
  const share = used(budget);
  const kind = share >= 1 ? "bad" : share >= budget.warn_at ? "warn" : "";
  const amount = say("ofLimit", { spent: money(budget.spent), limit: money(budget.limit, { whole: true }) });
  const state = share >= 1 ? `${say(budget.hard ? "usedUp" : "usedUpSoft")} · ` : "";
  return el(
    "li", {},
    el("div", {}, el("span", {}, budgetName(budget, people)), el("span", { class: "number" }, amount)),
    bar({ share, kind }),
    el("p", { class: "note" }, `${state}${percent(share)} · ${renews(budget)}`),
  );
}

/** The share of a budget that is spent. */
export function used(budget) {
  return Number(budget.limit) > 0 ? Number(budget.spent) / Number(budget.limit) : 1;
}

export function budgetName(budget, people) {
  const names = { user: people?.users, group: people?.groups }[budget.scope] ?? {};
  const whose = names[budget.whose] ?? (budget.scope === "model" ? budget.whose : "");
  const scope = whose || say(budget.mine ? "budget.yours" : `budget.${budget.scope}`);
  return say("budgetName", { whose: scope, period: say(`period.${budget.period}`) });
}

/** The budget of the headline, for somebody who sees no names there. */
export function budgetTitle(budget) {
  return say("budgetTitle", { whose: budget.mine ? say("budget.yours") : say(`budget.${budget.scope}`), period: say(`period.${budget.period}`) });
}

export function renews(budget) {
  return say("renews", { day: day(budget.renews, { long: true }) });
}

export function breakEven(found) {
  const pay = found.break_even;
  const title = { title: say("breakEven"), span: 6, label: "break-even" };
  if (found.scope !== "all") return null; // what the team saved is for admins
  if (!pay) return card(title, el("p", { class: "nothing" }, say("noHardware")));
  const when = pay.paid_back_on ? say(Number(pay.share) >= 1 ? "paidBack" : "paysBack", { day: day(pay.paid_back_on, { long: true }) }) : say("noPace");
  return card(
    title,
    el("div", { class: "figure" },
      el("p", { class: "big" }, percent(Math.min(1, Number(pay.share)))),
      el("p", { class: "note" }, say("paidOf", { saved: money(pay.saved), price: money(pay.price, { whole: true }) })),
      bar({ share: Number(pay.share), kind: "local" }), el("p", { class: "note" }, when)),
  );
}
