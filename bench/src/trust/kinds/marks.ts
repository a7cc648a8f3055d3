import type { Plane, Random } from '@tiepoint/geometry';
import sharp from 'sharp';

/** Something drawn into both images of a pair at the same pixels: grey values and how far they cover, 0 to 1. */
export interface Marks {
  readonly values: Float32Array;
  readonly cover: Float32Array;
}

/** A drawing: black cover on nothing, in SVG, with a grey value for each shape. */
async function drawn(width: number, height: number, svg: string): Promise<Marks> {
  const page = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${svg}</svg>`;
  const { data } = await sharp(Buffer.from(page)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const values = Float32Array.from({ length: width * height }, (_, i) => data[4 * i]!);
  const cover = Float32Array.from({ length: width * height }, (_, i) => data[4 * i + 3]! / 255);
  return { values, cover };
}

const words = ['road', 'railway', 'river', 'forest', 'built up', 'boundary', 'contour', 'lake', 'mill', 'station'];
const grey = (v: number): string => `rgb(${v},${v},${v})`;

function text(x: number, y: number, size: number, value: number, words: string, more = ''): string {
  return `<text x="${x}" y="${y}" font-size="${size}" font-family="DejaVu Sans, sans-serif" fill="${grey(value)}" ${more}>${words}</text>`;
}

/** The collar of a map sheet: white all around, a neat line, numbers, a legend and a title. */
function collar(side: number, random: Random): Promise<Marks> {
  const [left, top, right, bottom] = [0.08, 0.08, 0.2, 0.1].map((share) => share * side) as [
    number,
    number,
    number,
    number,
  ];
  const [w, h] = [side - left - right, side - top - bottom];
  const ring = `<path fill-rule="evenodd" fill="#fcfcfc" d="M0 0H${side}V${side}H0Z M${left} ${top}H${left + w}V${top + h}H${left}Z"/>`;
  const line = `<rect x="${left}" y="${top}" width="${w}" height="${h}" fill="none" stroke="#101010" stroke-width="2"/>`;
  const first = 500 + random.integer(200);
  const ticks = Array.from({ length: 7 }, (_, i) => {
    const at = left + ((i + 0.5) / 7) * w;
    return (
      text(at, top - 6, side / 45, 20, String(first + 48 * i)) +
      text(2, top + ((i + 0.5) / 7) * h, side / 50, 20, String(4000 + 48 * i))
    );
  }).join('');
  const legend = words
    .slice(0, 7)
    .map((word, i) => {
      const y = top + 20 + (i * h) / 12;
      const x = left + w + side / 40;
      return `<rect x="${x}" y="${y - side / 60}" width="${side / 35}" height="${side / 60}" fill="${grey(30 * i)}" stroke="#000"/>${text(x + side / 25, y, side / 45, 20, word)}`;
    })
    .join('');
  return drawn(
    side,
    side,
    ring + line + ticks + legend + text(left, side - bottom / 3, side / 35, 15, 'TOPOGRAPHIC SURVEY  SHEET 12'),
  );
}

/** The frame of a scanned photo: black borders with fiducial marks and a line of data. */
function frame(side: number, random: Random): Promise<Marks> {
  const b = side * (0.06 + 0.03 * random.uniform());
  const ring = `<path fill-rule="evenodd" fill="#0a0a0a" d="M0 0H${side}V${side}H0Z M${b} ${b}H${side - b}V${side - b}H${b}Z"/>`;
  const places = [b, side / 2, side - b];
  const fiducials = places
    .flatMap((x) => places.map((y) => [x, y] as const))
    .filter(([x, y]) => x !== side / 2 || y !== side / 2)
    .map(
      ([x, y]) =>
        `<g stroke="#f0f0f0" fill="none" stroke-width="1.5"><circle cx="${x}" cy="${y}" r="${side / 50}"/><path d="M${x - side / 35} ${y}h${side / 17}M${x} ${y - side / 35}v${side / 17}"/></g>`,
    )
    .join('');
  return drawn(
    side,
    side,
    ring + fiducials + text(b * 1.4, side - b / 4, side / 40, 235, 'WILD 15/4 UAg  No 3071  152.91 mm  1:30000  0417'),
  );
}

/** Labels of a map strewn over the image. */
function labels(side: number, random: Random): Promise<Marks> {
  const all = Array.from({ length: 26 }, (_, i) => {
    const [x, y] = [random.uniform() * side * 0.85, (0.05 + 0.93 * random.uniform()) * side];
    const dot = `<circle cx="${x - 5}" cy="${y - 4}" r="2.5" fill="#0c0c0c"/>`;
    return (
      dot +
      text(
        x,
        y,
        side / 26 + random.uniform() * 8,
        12,
        words[i % words.length]!,
        'stroke="#fff" stroke-width="2.2" paint-order="stroke"',
      )
    );
  });
  return drawn(side, side, all.join(''));
}

/** The display of a camera: text, a cross-hair, a bar of greys. */
function display(side: number): Promise<Marks> {
  const bar = Array.from(
    { length: 40 },
    (_, i) =>
      `<rect x="${side * 0.92}" y="${side * 0.12 + (i * side * 0.7) / 40}" width="${side * 0.035}" height="${side * 0.018}" fill="${grey(255 - 6 * i)}"/>`,
  ).join('');
  const c = side / 2;
  const cross = `<g stroke="#fafafa" fill="none" stroke-width="2"><circle cx="${c}" cy="${c}" r="${side / 24}"/><path d="M${c - side / 14} ${c}h${side / 7}M${c} ${c - side / 14}v${side / 7}"/></g>`;
  return drawn(
    side,
    side,
    bar +
      cross +
      text(8, side / 18, side / 24, 250, 'THERMAL  e=0.95') +
      text(8, side - 10, side / 28, 250, '2023-07-14 12:31:07  ALT 120m'),
  );
}

/** Thin lines at equal distances. */
function graticule(side: number, random: Random): Promise<Marks> {
  const step = side / (8 + random.integer(5));
  const lines = Array.from({ length: 14 }, (_, i) => {
    const at = Math.round((i + 0.5) * step) + 0.5;
    return `M${at} 0V${side}M0 ${at}H${side}`;
  }).join('');
  return drawn(side, side, `<path d="${lines}" stroke="#181818" stroke-width="1.2" fill="none"/>`);
}

/** Slanted words all over, blended in. */
function watermark(side: number, random: Random): Promise<Marks> {
  const opacity = 0.3 + 0.2 * random.uniform();
  const rows = Array.from({ length: 14 }, (_, i) =>
    text(
      -side / 2,
      (i * side) / 7 - side / 2,
      side / 20,
      235,
      'PREVIEW ONLY   IMAGERY CO   '.repeat(6),
      `fill-opacity="${opacity.toFixed(2)}"`,
    ),
  ).join('');
  return drawn(side, side, `<g transform="rotate(-25 ${side / 2} ${side / 2})">${rows}</g>`);
}

/** One large word across the image. */
function word(side: number): Promise<Marks> {
  return drawn(
    side,
    side,
    text(side * 0.06, side * 0.58, side / 4.6, 240, 'SAMPLE', 'fill-opacity="0.8" font-weight="bold"'),
  );
}

/** Dark blobs and hairs, as of dust on a lens or scanner. */
function dust(side: number, random: Random): Promise<Marks> {
  const blobs = Array.from({ length: 45 }, () => {
    const [x, y, r] = [random.uniform() * side, random.uniform() * side, 1.5 + 4 * random.uniform()];
    return `<ellipse cx="${x}" cy="${y}" rx="${r}" ry="${r * (0.6 + random.uniform())}" fill="#0e0e0e" fill-opacity="0.85"/>`;
  });
  const hairs = Array.from({ length: 10 }, () => {
    const [x, y] = [random.uniform() * side, random.uniform() * side];
    const [a, b, c, d] = Array.from({ length: 4 }, () => 60 * (random.uniform() - 0.5)) as [
      number,
      number,
      number,
      number,
    ];
    return `<path d="M${x} ${y}q${a} ${b} ${c} ${d}" stroke="#141414" stroke-width="1.3" fill="none"/>`;
  });
  return drawn(side, side, blobs.join('') + hairs.join(''));
}

/** What is drawn into both images, by name. */
export const marksByName: Readonly<Record<string, (side: number, random: Random) => Promise<Marks>>> = {
  collar,
  frame,
  labels,
  display: (side) => display(side),
  graticule,
  watermark,
  word: (side) => word(side),
  dust,
};

/** A plane with marks drawn into it. */
export function withMarks(plane: Plane, { values, cover }: Marks): Plane {
  return { ...plane, data: plane.data.map((v, i) => v + cover[i]! * (values[i]! - v)) };
}

/** The fixed pattern of a detector: gains of pixels and columns, the same in both images. */
export function withPattern(plane: Plane, strength: number, random: Random): Plane {
  const { width, height } = plane;
  const columns = Float32Array.from({ length: width }, () => strength * random.normal());
  const pixels = Float32Array.from({ length: width * height }, () => strength * random.normal());
  return { ...plane, data: plane.data.map((v, i) => Math.min(255, Math.max(0, v + columns[i % width]! + pixels[i]!))) };
}
