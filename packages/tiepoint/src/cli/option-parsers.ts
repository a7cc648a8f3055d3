import { InvalidArgumentError } from 'commander';

/** A whole number from 1. */
export function parseCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1.');
  return value;
}

/** A band by its number from 1, or by its name. */
export function parseBandName(text: string): number | string {
  if (text.trim() === '') throw new InvalidArgumentError('It must be a number from 1, or a name.');
  return /^[-+.\d]+$/.test(text) ? parseCount(text) : text;
}

/** A whole number from 0. */
export function parseSeed(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0) {
    throw new InvalidArgumentError('It must be a whole number from 0.');
  }
  return value;
}

/** A number above 0. */
export function parsePositive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return value;
}

/** A number from 0 to 1. */
export function parseShare(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return value;
}

/** Collects `NAME=VALUE` of a repeated option. */
export function parseKeyValue(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It must read NAME=VALUE.');
  return { ...before, [text.slice(0, at).toUpperCase()]: text.slice(at + 1) };
}

/** So many numbers in one word, apart by blanks or commas. */
export function parseNumbers(count: number): (text: string) => readonly number[] {
  return (text) => {
    const values = text
      .trim()
      .split(/[\s,]+/)
      .map(Number);
    if (values.length !== count || !values.every(Number.isFinite)) {
      throw new InvalidArgumentError(`It must be ${count} numbers.`);
    }
    return values;
  };
}

/** A nodata value; `none` is none. */
export function parseNodataValue(text: string): number | null {
  if (/^none$/i.test(text)) return null;
  const value = /^nan$/i.test(text) ? Number.NaN : Number(text);
  if (text.trim() === '' || (Number.isNaN(value) && !/^nan$/i.test(text))) {
    throw new InvalidArgumentError('It must be a number, nan or none.');
  }
  return value;
}

/** A port; 0 is any that is free. */
export function parsePort(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < 0 || value > 65535) {
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  }
  return value;
}
