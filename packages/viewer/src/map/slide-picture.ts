/** What stands on a slide beside the picture. */
export interface SlideText {
  readonly title: string;
  /** The verdict, and its colour. */
  readonly verdict: string;
  readonly colour: string;
  readonly headline: string;
  /** Names and values. */
  readonly facts: readonly (readonly [string, string])[];
  /** What the picture shows, and by what it was made. */
  readonly caption: string;
}

/** Size of a slide, px: 16 : 9. */
const [width, height] = [1920, 1080];
/** Around everything, and the width of the text beside the picture, px. */
const [margin, column] = [60, 520];
const font = (size: number, weight = 'normal'): string => `${weight} ${size}px system-ui, sans-serif`;

/** Writes text in lines no wider than `most`; returns where the next line would be. */
function writeLines(
  context: OffscreenCanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  most: number,
): number {
  const size = Number(/(\d+)px/.exec(context.font)![1]);
  let line = '';
  let at = y;
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && context.measureText(longer).width > most) {
      context.fillText(line, x, at);
      at += 1.3 * size;
      line = word;
    } else line = longer;
  }
  context.fillText(line, x, at, most);
  return at + 1.3 * size;
}

/** A picture for a presentation: what the map shows, with title, verdict and accuracy, light whatever the page is. */
export function slidePicture(view: OffscreenCanvas, text: SlideText): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, width, height);
  context.textBaseline = 'top';
  context.fillStyle = '#16202b';
  context.font = font(44, 'bold');
  const top = writeLines(context, text.title, margin, margin, width - 2 * margin) + 24;
  const bottom = height - margin - 50;
  const room = [width - 2 * margin - column - 50, bottom - top] as const;
  const scale = Math.min(room[0] / view.width, room[1] / view.height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(view, margin, top, view.width * scale, view.height * scale);
  const x = margin + view.width * scale + 84;
  context.fillStyle = text.colour;
  context.fillRect(x - 24, top, 8, room[1]);
  context.font = font(40, 'bold');
  let y = writeLines(context, text.verdict, x, top, column) + 8;
  context.fillStyle = '#16202b';
  context.font = font(28);
  y = writeLines(context, text.headline, x, y, column) + 30;
  for (const [name, value] of text.facts) {
    context.fillStyle = '#555d68';
    context.font = font(24);
    y = writeLines(context, name, x, y, column);
    context.fillStyle = '#16202b';
    context.font = font(36, 'bold');
    y = writeLines(context, value, x, y, column) + 18;
  }
  context.fillStyle = '#555d68';
  context.font = font(22);
  context.fillText(text.caption, margin, bottom + 26, width - 2 * margin);
  return canvas;
}
