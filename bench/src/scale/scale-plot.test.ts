import { describe, expect, it } from 'vitest';
import { drawScalePlot } from './scale-plot.js';

describe('the plot of the scale bench', () => {
  it('puts four times the time on an even step for each doubling of the side', () => {
    const rows = [1000, 2000, 4000].flatMap((side) =>
      (['register', 'register and warp'] as const).map((task) => ({
        side,
        task,
        seconds: (side / 1000) ** 2,
        peakMB: side,
        errorPx: 0.1,
      })),
    );
    const svg = drawScalePlot(rows);
    const heights = [...svg.matchAll(/<circle cx="[\d.]+" cy="([\d.]+)"/g)].slice(0, 3).map(([, y]) => Number(y));
    expect(heights[0]! - heights[1]!).toBeCloseTo(heights[1]! - heights[2]!, 0);
    expect(heights[0]!).toBeGreaterThan(heights[2]!);
    expect(svg).not.toContain('NaN');
  });
});
