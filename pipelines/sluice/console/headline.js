// Four figures that answer the first questions: spent, saved, share local, budget.
import { bar, el } from "./dom.js";
import { brief, count, money, percent } from "./format.js";
import { budgetTitle, renews, used } from "./limits.js";
import { say } from "./words.js";

export function headline(found) {
  return [spent(found), saved(found), local(found), budget(found)];
}

function figure(label, title, big, note, ...more) {
  return el(
    "section", { class: `card span-3 figure is-${label}`, "data-card": label },
    el("h2", {}, title), el("p", { class: "big" }, big), el("p", { class: "note" }, note), more,
  );
}

function spent(found) {
  return figure("spent", say("spent"), money(found.totals.cost, { short: true }), versus(found.totals.cost, found.previous.cost));
}

function versus(now, before) {
  if (!Number(before)) return say("noBefore");
  const change = (Number(now) - Number(before)) / Number(before);
  if (Math.abs(change) < 0.005) return say("asBefore");
  return say(change < 0 ? "less" : "more", { share: percent(Math.abs(change)) });
}

function saved(found) {
  const { cost, saved, tasks } = found.totals;
  const without = Number(cost) + Number(saved);
  const share = without > 0 ? say("savedOf", { share: percent(Number(saved) / without) }) : "";
  const apart = Number(tasks.saved) > 0 ? say("tasksApart", { amount: money(tasks.saved, { short: true }) }) : "";
  return figure("saved", say("saved"), found.baseline ? money(saved, { short: true }) : "–", found.baseline ? share || apart : say("noBaseline"),
    share && apart ? el("p", { class: "note" }, apart) : null);
}

function local(found) {
  const { local, cloud } = found.totals;
  const all = local + cloud;
  const parts = all ? bar({ share: local / all, kind: "local" }, { share: cloud / all, kind: "cloud" }) : null;
  const note = say("localNote", { local: all > 9999 ? brief(local) : count(local), cloud: all > 9999 ? brief(cloud) : count(cloud) });
  return figure("local", say("shareLocal"), all ? percent(local / all) : "–", note, parts);
}

function budget(found) {
  const team = found.budgets.filter((one) => one.scope === "team");
  const [tightest] = (team.length ? team : [...found.budgets]).sort((one, other) => used(other) - used(one));
  if (!tightest) return figure("budget", say("budget"), money(found.month.spent, { short: true }), say("noBudget"));
  const kind = used(tightest) >= 1 ? "bad" : used(tightest) >= tightest.warn_at ? "warn" : "";
  const note = say("ofBudget", { limit: money(tightest.limit, { whole: true }), renews: renews(tightest) });
  return figure("budget", budgetTitle(tightest), money(tightest.spent, { short: true }), note, bar({ share: used(tightest), kind }));
}
