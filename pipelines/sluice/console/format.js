// Numbers, money and days as the person's language writes them.
import { language } from "./words.js";

let currency = { code: "USD", rate: 1 };

export function setMoney(given) {
  currency = given;
}

/** Money from US dollars, in the currency of the configuration; small amounts keep two digits that mean something. */
export function money(usd, { short = false, whole = false } = {}) {
  if (usd === null || usd === undefined) return "–";
  const value = Number(usd) * currency.rate;
  const size = Math.abs(value);
  const digits = whole && Number.isInteger(value) ? 0 : size === 0 ? 2 : short && size >= 1000 ? 0 : size >= (short ? 0.095 : 0.995) ? 2 : size >= 0.01 ? 3 : size >= 0.0001 ? 5 : 7;
  const options = { style: "currency", currency: currency.code, currencyDisplay: "narrowSymbol" };
  return new Intl.NumberFormat(language(), { ...options, minimumFractionDigits: Math.min(2, digits), maximumFractionDigits: digits }).format(value);
}

export function count(value) {
  return new Intl.NumberFormat(language()).format(value);
}

/** Large counts in brief: 12.4K. */
export function brief(value) {
  return new Intl.NumberFormat(language(), { notation: "compact", maximumFractionDigits: 1 }).format(value);
}

export function percent(share) {
  const digits = share > 0 && share < 0.1 ? 1 : 0;
  return new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: digits }).format(share);
}

export function seconds(value) {
  if (value === null || value === undefined) return "–";
  return `${new Intl.NumberFormat(language(), { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} s`;
}

/** A day such as 2026-11-24, or a month such as 2026-11. */
export function day(text, { long = false } = {}) {
  const month = text.length === 7;
  const at = new Date(`${month ? `${text}-01` : text.slice(0, 10)}T12:00:00Z`);
  const options = month ? { month: long ? "long" : "short", year: "numeric" } : { day: "numeric", month: long ? "long" : "short", ...(at.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" }) };
  return new Intl.DateTimeFormat(language(), { ...options, timeZone: "UTC" }).format(at);
}
