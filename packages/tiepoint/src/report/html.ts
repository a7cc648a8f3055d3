/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A number for people: a few significant digits, no trailing zeros, a dash for what is not known. */
export function formatNumber(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 10 ** digits) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(digits)));
}

/** A length on the ground: metres, or kilometres from ten of them on. */
export function formatMetres(metres: number): string {
  return metres >= 10_000 ? `${formatNumber(metres / 1000)} km` : `${formatNumber(metres)} m`;
}
