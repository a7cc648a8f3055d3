import { type DisplayChoice, type LinearSar, type Stretch, stretches } from 'tiepoint';
import { useApp } from '../session/app.js';
import type { OpenedImage } from '../state/state.js';
import type { Role } from '../worker/tiles-worker.js';
import { words } from '../words.js';

const { open: text } = words;
const scales = Object.keys(text.scales) as readonly (LinearSar | 'stored')[];

/** How an open image is shown: bands, stretch, scale, and which values are black and white. */
export function DisplayControls({ role, image }: { role: Role; image: OpenedImage }) {
  const { store, actions } = useApp();
  const { info, display } = image;
  const choose = (choice: DisplayChoice): void => void actions.show(role, choice);
  const usual = info.display.bands;
  const isUsual = display.bands.join() === usual.join();
  const isThree = display.bands.length > 1 && !(isUsual && usual.length > 1);
  const value = isThree ? 'three' : display.bands.length > 1 ? 'colours' : String(display.bands[0]);
  const opaque = info.bands.flatMap(({ index, colorInterpretation }) =>
    colorInterpretation === 'alpha' ? [] : [index],
  );
  // Other ones than the colours, to begin with: near infrared, red and green of four.
  const firstThree = opaque.slice(0, 3).join() === usual.join() ? opaque.slice(1, 4).toReversed() : opaque.slice(0, 3);
  const bandsOf = (chosen: string): readonly number[] =>
    chosen === 'colours' ? usual : chosen === 'three' ? firstThree : [Number(chosen)];
  const options = info.bands.map(({ index, name }) => (
    <option key={index} value={String(index)}>
      {text.band(index, name)}
    </option>
  ));
  const stretchWords = display.stretch === null ? text.ownStretch : text.stretches[display.stretch];
  const limit = (key: 'low' | 'high', label: string) => (
    <label>
      {label}
      <input
        type="number"
        step="any"
        value={Number(display[key].toPrecision(5))}
        onChange={({ currentTarget }) => {
          const next = { ...display, [key]: currentTarget.valueAsNumber, stretch: null };
          if (next.high > next.low) store.dispatch('displayChosen', { role, display: next });
        }}
      />
    </label>
  );
  return (
    <div data-display={role}>
      <label>
        {text.bands}
        <select value={value} onChange={({ currentTarget }) => choose({ bands: bandsOf(currentTarget.value) })}>
          {usual.length > 1 && <option value="colours">{text.allBands}</option>}
          {options}
          {firstThree.length === 3 && <option value="three">{text.threeBands}</option>}
        </select>
      </label>
      {isThree && (
        <div class="row">
          {text.channels.map((channel, i) => (
            <label key={channel}>
              {channel}
              <select
                value={String(display.bands[i])}
                onChange={({ currentTarget }) =>
                  choose({ bands: display.bands.map((band, k) => (k === i ? Number(currentTarget.value) : band)) })
                }
              >
                {options}
              </select>
            </label>
          ))}
        </div>
      )}
      <details>
        <summary>{text.shown(stretchWords, text.scales[display.sar ?? 'stored'])}</summary>
        <label>
          {text.stretch}
          <select
            value={display.stretch ?? ''}
            onChange={({ currentTarget }) => choose({ stretch: currentTarget.value as Stretch })}
          >
            {display.stretch === null && <option value="">{text.ownStretch}</option>}
            {stretches.map((name) => (
              <option key={name} value={name}>
                {text.stretches[name]}
              </option>
            ))}
          </select>
        </label>
        <label>
          {text.scale}
          <select
            value={display.sar ?? 'stored'}
            onChange={({ currentTarget: { value: chosen } }) =>
              choose({ sar: chosen === 'stored' ? null : (chosen as LinearSar) })
            }
          >
            {scales.map((name) => (
              <option key={name} value={name}>
                {text.scales[name]}
              </option>
            ))}
          </select>
        </label>
        <div class="row">
          {limit('low', text.low)}
          {limit('high', text.high)}
        </div>
      </details>
    </div>
  );
}
