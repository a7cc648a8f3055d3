/** An element as it stands in the text; its attributes and body are not taken apart. */
export interface XmlElement {
  readonly attributes: string;
  /** Empty for `<name/>`. */
  readonly body: string;
}

/**
 * The elements of a name, in order, not nested in each other: enough for GDAL's XML, in time proportional to the text
 * whatever it holds.
 */
export function* xmlElements(xml: string, name: string): Generator<XmlElement> {
  const open = `<${name}`;
  const close = `</${name}>`;
  for (let at = xml.indexOf(open); at >= 0; at = xml.indexOf(open, at)) {
    const start = at + open.length;
    const end = xml.indexOf('>', start);
    if (end < 0) return;
    at = end + 1;
    // Another element whose name begins alike.
    if (!/[\s/>]/.test(xml[start]!)) {
      at = start;
      continue;
    }
    if (xml[end - 1] === '/') {
      yield { attributes: xml.slice(start, end - 1), body: '' };
      continue;
    }
    const stop = xml.indexOf(close, at);
    if (stop < 0) return;
    yield { attributes: xml.slice(start, end), body: xml.slice(at, stop) };
    at = stop + close.length;
  }
}

/** The first element of a name; null where there is none. */
export function xmlElement(xml: string, name: string): XmlElement | null {
  return xmlElements(xml, name).next().value ?? null;
}

/** The text without its comments. */
export function withoutComments(xml: string): string {
  return withoutSpans(xml, '<!--', '-->');
}

/** The text without the elements of a name, which are not nested in each other. */
export function withoutElements(xml: string, name: string): string {
  return withoutSpans(xml, `<${name}`, `</${name}>`);
}

function withoutSpans(xml: string, open: string, close: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = xml.indexOf(open, from);
    const end = start < 0 ? -1 : xml.indexOf(close, start);
    if (end < 0) break;
    kept.push(xml.slice(from, start));
    from = end + close.length;
  }
  kept.push(xml.slice(from));
  return kept.join('');
}
