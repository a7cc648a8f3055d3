import { type TransformModel, transformModels } from '@tiepoint/geometry';
import { canMend } from '../map/map-stage.js';
import { useApp, useSelected } from '../session/app.js';
import type { Tool, ViewerState } from '../state/state.js';
import { words } from '../words.js';

const { mend: text } = words;
const tools = Object.keys(words.tools) as readonly Tool[];

/** What to do next with the tool in hand. */
function instruction({ tool, pending, points }: ViewerState): string {
  if (tool === 'mask') return text.mask;
  if (tool === 'look') return '';
  if (pending !== null) return text.addSensed;
  if (tool === 'add') return text.addReference;
  return points.selected === null ? text.moveChoose : text.moveReference;
}

/** Tools to change what the fit rests on. */
export function MendPanel() {
  const { store } = useApp();
  const ready = useSelected(canMend);
  const tool = useSelected((state) => state.tool);
  const told = useSelected(instruction);
  const { past, present, future } = useSelected(({ edits }) => edits);
  const handSd = useSelected((state) => state.handSd);
  const exaggeration = useSelected(({ look }) => look.exaggeration);
  if (!ready) return null;
  return (
    <section class="panel mend" aria-labelledby="mend-heading">
      <h2 id="mend-heading">{text.heading}</h2>
      <div class="segments" role="group" aria-label={text.heading}>
        {tools.map((name) => (
          <button
            key={name}
            data-tool={name}
            aria-pressed={tool === name}
            onClick={() => store.dispatch('toolTaken', { tool: name })}
          >
            {words.tools[name]}
          </button>
        ))}
      </div>
      <p class="quiet instruction" role="status">
        {told}
      </p>
      <div class="row">
        <button disabled={past.length === 0} onClick={() => store.dispatch('undone', {})}>
          {text.undo}
        </button>
        <button disabled={future.length === 0} onClick={() => store.dispatch('redone', {})}>
          {text.redo}
        </button>
        <button disabled={past.length === 0} onClick={() => store.dispatch('editsReset', {})}>
          {text.reset}
        </button>
      </div>
      <label>
        {text.model}
        <select
          id="mended-model"
          value={present.model ?? ''}
          onChange={({ currentTarget }) => {
            const { value } = currentTarget;
            store.dispatch('modelFixed', { model: value === '' ? undefined : (value as TransformModel | 'auto') });
          }}
        >
          <option value="">{text.keepModel}</option>
          {(['auto', ...transformModels] as const).map((model) => (
            <option key={model} value={model}>
              {words.models[model]}
            </option>
          ))}
        </select>
      </label>
      <details>
        <summary>{text.more}</summary>
        <label>
          {text.handSd}
          <input
            type="number"
            min={0.05}
            step={0.05}
            value={handSd}
            onChange={({ currentTarget }) => store.dispatch('handSdChosen', { sd: currentTarget.valueAsNumber })}
          />
        </label>
        <label>
          {words.look.exaggeration}
          <input
            type="number"
            min={1}
            max={500}
            value={exaggeration}
            onChange={({ currentTarget }) =>
              store.dispatch('looked', { exaggeration: Math.max(1, currentTarget.valueAsNumber || 1) })
            }
          />
        </label>
      </details>
      {present.excluded.length > 0 && (
        <button onClick={() => store.dispatch('groundRestored', {})}>{text.restoreGround}</button>
      )}
    </section>
  );
}
