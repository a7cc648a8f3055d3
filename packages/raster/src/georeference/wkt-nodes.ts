/** A keyword of WKT with what stands in its brackets. */
export interface WktNode {
  /** In capitals. */
  readonly keyword: string;
  /** Texts, numbers and words without brackets, in order. */
  readonly values: readonly (string | number)[];
  readonly children: readonly WktNode[];
}

/** WKT of systems nests to about eight levels. */
const deepest = 32;

/** Takes WKT 1, ESRI's and 2 apart; null of what is none. In time proportional to the text. */
export function parseWkt(text: string): WktNode | null {
  const tokens = text.match(/"(?:[^"]|"")*"|[[(]|[\])]|,|[^\s,"[\]()]+/g) ?? [];
  let at = 0;
  const node = (depth: number): WktNode | null => {
    const keyword = tokens[at++];
    const open = tokens[at++];
    if (keyword === undefined || !/^\w+$/.test(keyword) || !/^[[(]$/.test(open ?? '') || depth > deepest) return null;
    const values: (string | number)[] = [];
    const children: WktNode[] = [];
    for (let token = tokens[at]; token !== undefined; token = tokens[at]) {
      if (token === ']' || token === ')') {
        at++;
        return { keyword: keyword.toUpperCase(), values, children };
      }
      if (token === ',') at++;
      else if (/^[[(]$/.test(tokens[at + 1] ?? '')) {
        const child = node(depth + 1);
        if (child === null) return null;
        children.push(child);
      } else {
        values.push(valueOf(token));
        at++;
      }
    }
    return null;
  };
  return node(0);
}

function valueOf(token: string): string | number {
  if (token.startsWith('"')) return token.slice(1, -1).replaceAll('""', '"');
  const number = Number(token);
  return Number.isNaN(number) ? token : number;
}

/** The first child of one of some keywords. */
export function childOf(node: WktNode, ...keywords: readonly string[]): WktNode | undefined {
  return node.children.find(({ keyword }) => keywords.includes(keyword));
}

/** The first of a node and what stands in it, at any depth, of one of some keywords. */
export function findNode(node: WktNode, ...keywords: readonly string[]): WktNode | undefined {
  if (keywords.includes(node.keyword)) return node;
  for (const child of node.children) {
    const found = findNode(child, ...keywords);
    if (found) return found;
  }
  return undefined;
}

/** The number among a node's values; `usual` where there is none. */
export function numberIn(node: WktNode | undefined, usual: number): number {
  const found = node?.values.find((value) => typeof value === 'number');
  return found === undefined ? usual : Number(found);
}
