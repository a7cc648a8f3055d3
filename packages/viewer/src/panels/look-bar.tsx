import { isSideBySide } from '../map/map-stage.js';
import { useApp, useSelected } from '../session/app.js';
import type { Comparison, Look } from '../state/state.js';
import { words } from '../words.js';

const { look: text } = words;
const comparisons = Object.keys(words.comparisons) as readonly Comparison[];

/** What of a comparison can be adjusted. */
const ranges: Readonly<
  Partial<
    Record<
      Comparison,
      {
        readonly key: 'swipe' | 'blend' | 'flicker' | 'square';
        readonly label: string;
        readonly min: number;
        readonly max: number;
        readonly step: number;
      }
    >
  >
> = {
  swipe: { key: 'swipe', label: text.swipe, min: 0, max: 1, step: 0.01 },
  blend: { key: 'blend', label: text.blend, min: 0, max: 1, step: 0.01 },
  flicker: { key: 'flicker', label: text.flicker, min: 0.5, max: 6, step: 0.25 },
  checkerboard: { key: 'square', label: text.square, min: 24, max: 300, step: 4 },
};

/** Moves the adjustable part of the comparison by some of its steps. */
export function adjusted(look: Look, steps: number): Partial<Look> {
  const range = ranges[look.comparison];
  if (range === undefined) return {};
  const { key, min, max, step } = range;
  return { [key]: Math.min(max, Math.max(min, look[key] + 4 * steps * step)) };
}

function Toggle({ name, label }: { name: 'points' | 'errorMap' | 'loupe'; label: string }) {
  const { store } = useApp();
  const on = useSelected(({ look }) => look[name]);
  return (
    <button aria-pressed={on} onClick={() => store.dispatch('looked', { [name]: !on })}>
      {label}
    </button>
  );
}

/** How the images are compared. */
export function LookBar() {
  const { store } = useApp();
  const look = useSelected((state) => state.look);
  const hasResult = useSelected(({ result }) => result !== null && result.registration.verdict !== 'refuse');
  const hasPoints = useSelected(({ result }) => (result?.tiePoints.length ?? 0) > 0);
  // Setting a tie point shows both images side by side, whatever was chosen.
  const sideBySide = useSelected(isSideBySide);
  const shown = sideBySide ? 'side-by-side' : look.comparison;
  const range = ranges[shown];
  return (
    <div class="look-bar" role="toolbar" aria-label={text.comparison}>
      <div class="segments" role="group" aria-label={text.comparison}>
        {comparisons.map((name) => (
          <button
            key={name}
            data-comparison={name}
            aria-pressed={shown === name}
            onClick={() => store.dispatch('looked', { comparison: name })}
          >
            {words.comparisons[name]}
          </button>
        ))}
      </div>
      <label class="range">
        <span>{range?.label ?? '\u00a0'}</span>
        <input
          type="range"
          disabled={range === undefined}
          aria-label={range?.label ?? words.comparisons[shown]}
          min={range?.min ?? 0}
          max={range?.max ?? 1}
          step={range?.step ?? 0.01}
          value={range === undefined ? 0 : look[range.key]}
          onInput={({ currentTarget }) =>
            range !== undefined && store.dispatch('looked', { [range.key]: currentTarget.valueAsNumber })
          }
        />
      </label>
      <div class="segments" role="group" aria-label={text.placed}>
        {(['after', 'before'] as const).map((placed) => (
          <button
            key={placed}
            disabled={placed === 'after' && !hasResult}
            aria-pressed={look.placed === placed}
            onClick={() => store.dispatch('looked', { placed })}
          >
            {text[placed]}
          </button>
        ))}
      </div>
      {hasPoints && <Toggle name="points" label={text.points} />}
      {hasResult && hasPoints && <Toggle name="errorMap" label={text.errorMap} />}
      <Toggle name="loupe" label={text.loupe} />
    </div>
  );
}
