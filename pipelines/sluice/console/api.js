// Asks the gateway, through Open WebUI, for figures that this person may see.
export class Refused extends Error {}

const marks = new Map();
const known = { users: {}, groups: {} };

/** The figures, or null where they are as they were at the last look. */
export async function overview({ days, scope }) {
  const query = new URLSearchParams(scope ? { days, scope } : { days });
  const address = `/sluice/usage/overview?${query}`;
  const answer = await fetch(address, { cache: "no-store", headers: marks.has(address) ? { "if-none-match": marks.get(address) } : {} });
  if (answer.status === 304) return null;
  if (answer.status === 401) location.assign("/auth?redirect=/sluice");
  if (answer.status === 403) throw new Refused();
  if (!answer.ok) throw new Error(String(answer.status));
  marks.clear(); // what is shown is from this address only
  if (answer.headers.has("etag")) marks.set(address, answer.headers.get("etag"));
  return answer.json();
}

/** The names of users and groups, which only Open WebUI knows and only admins may ask for. */
export async function names(found) {
  if (found.scope !== "all") return known;
  const wanted = new URLSearchParams();
  for (const kind of ["user", "group"]) {
    for (const row of found.by[kind] ?? []) if (row.key && !(row.key in known[`${kind}s`])) wanted.append(kind, row.key);
  }
  for (const budget of found.budgets) {
    const kind = `${budget.scope}s`;
    if (kind in known && budget.whose && !(budget.whose in known[kind])) wanted.append(budget.scope, budget.whose);
  }
  if (![...wanted].length) return known;
  const answer = await fetch(`/sluice/names?${wanted}`, { cache: "no-store" });
  if (!answer.ok) return known;
  const given = await answer.json();
  Object.assign(known.users, given.users);
  Object.assign(known.groups, given.groups);
  return known;
}

/** The address of the same figures as a table for a spreadsheet. */
export function csv(found, by) {
  return `/sluice/usage?${new URLSearchParams({ days: found.days, scope: found.scope, by, format: "csv" })}`;
}
