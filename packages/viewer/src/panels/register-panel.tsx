import { transformModels } from '@tiepoint/geometry';
import { useEffect, useState } from 'preact/hooks';
import type { RegisterMethod } from 'tiepoint';
import { useApp, useSelected } from '../session/app.js';
import { openPair } from '../state/state.js';
import type { Role } from '../worker/tiles-worker.js';
import { words } from '../words.js';
import { FailureNote } from './failure-note.js';

const { register: text } = words;
const methods = Object.keys(text.methods) as readonly RegisterMethod[];

/** Seconds since something began. */
function useSeconds(since: number | null): number {
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => setNow(performance.now()), 250);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? 0 : Math.max(0, Math.floor((now - since) / 1000));
}

/** Which band of an image is matched, where it has several. */
function BandChoice({ role }: { role: Role }) {
  const { store } = useApp();
  const key = role === 'sensed' ? 'band' : 'referenceBand';
  const chosen = useSelected(({ choice }) => choice[key]);
  const image = useSelected(({ images }) => images[role]);
  if (image.status !== 'open' || image.info.bands.length < 2) return null;
  return (
    <label>
      {text.band[role]}
      <select
        value={chosen ?? ''}
        onChange={({ currentTarget: { value } }) =>
          store.dispatch('choiceMade', { [key]: value === '' ? null : Number(value) })
        }
      >
        <option value="">{text.usualBand}</option>
        {image.info.bands.map(({ index, name }) => (
          <option key={index} value={String(index)}>
            {words.open.band(index, name)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Options() {
  const { store } = useApp();
  const choice = useSelected((state) => state.choice);
  return (
    <details>
      <summary>{text.options}</summary>
      <label>
        {text.method}
        <select
          value={choice.method}
          onChange={({ currentTarget }) =>
            store.dispatch('choiceMade', { method: currentTarget.value as RegisterMethod })
          }
        >
          {methods.map((method) => (
            <option key={method} value={method}>
              {text.methods[method]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.model}
        <select
          value={choice.model}
          onChange={({ currentTarget }) =>
            store.dispatch('choiceMade', { model: currentTarget.value as typeof choice.model })
          }
        >
          {(['auto', ...transformModels] as const).map((model) => (
            <option key={model} value={model}>
              {words.models[model]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.radius}
        <input
          type="number"
          min={1}
          max={1000}
          value={choice.searchRadius}
          onChange={({ currentTarget }) =>
            store.dispatch('choiceMade', { searchRadius: currentTarget.valueAsNumber || 40 })
          }
        />
      </label>
      <BandChoice role="reference" />
      <BandChoice role="sensed" />
      <label class="check">
        <input
          type="checkbox"
          checked={choice.georeference}
          onChange={({ currentTarget }) => store.dispatch('choiceMade', { georeference: currentTarget.checked })}
        />
        {text.georeference}
      </label>
    </details>
  );
}

/** Where the work is begun, watched and cancelled. */
export function RegisterPanel() {
  const { actions } = useApp();
  const run = useSelected((state) => state.run);
  const ready = useSelected((state) => openPair(state) !== null);
  const done = useSelected((state) => state.result !== null);
  const byHand = useSelected(({ edits }) => edits.present.added.length > 0);
  const seconds = useSeconds(run.status === 'running' ? run.since : null);
  return (
    <section class="panel" aria-label={text.button}>
      <div class="row">
        <button
          class="primary"
          id="register"
          disabled={!ready || run.status === 'running'}
          onClick={() => void actions.register()}
        >
          {done ? text.again : text.button}
        </button>
        {run.status === 'running' && <button onClick={actions.cancel}>{text.cancel}</button>}
      </div>
      {byHand && run.status !== 'running' && (
        <button onClick={() => void actions.register(true)}>{text.withHand}</button>
      )}
      <p role="status" class="quiet progress">
        {run.status === 'running' ? text.running(run.progress, seconds) : ready ? '' : text.needBoth}
      </p>
      {run.status === 'failed' && <FailureNote failure={run.failure} />}
      <Options />
      <p class="quiet" id="threads">
        {crossOriginIsolated ? text.isolated : text.single}
      </p>
    </section>
  );
}
