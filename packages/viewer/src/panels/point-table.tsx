import { useMemo } from 'preact/hooks';
import type { TiePoint } from 'tiepoint';
import { goToPoint, type Stage } from '../map/map-stage.js';
import { useApp, useSelected } from '../session/app.js';
import { errorOf, kindOf, listedPoints } from '../state/point-list.js';
import { foundCount } from '../state/reducers.js';
import type { PointColumn, PointFilter } from '../state/state.js';
import { words } from '../words.js';

const { points: text } = words;
const columns = Object.keys(words.columns) as readonly PointColumn[];
const filters = Object.keys(words.filters) as readonly PointFilter[];

/** Rows that are put in the page at most. */
const mostRows = 1000;

function Row({ point, index, added, stage }: { point: TiePoint; index: number; added: boolean; stage: Stage | null }) {
  const { store } = useApp();
  const selected = useSelected(({ points }) => points.selected === index);
  const hovered = useSelected(({ points }) => points.hovered === index);
  const number = index + 1;
  const toggle = (): void => store.dispatch('pointsToggled', { indices: [index] });
  return (
    <tr
      class={`${selected ? 'selected' : ''} ${hovered ? 'hovered' : ''} ${point.off ? 'off' : ''}`}
      onMouseEnter={() => store.dispatch('pointsLooked', { hovered: index })}
      onMouseLeave={() => store.dispatch('pointsLooked', { hovered: null })}
      data-index={index}
    >
      <td>
        {added ? (
          <button class="plain" aria-label={text.remove(number)} title={text.remove(number)} onClick={toggle}>
            ×
          </button>
        ) : (
          <input type="checkbox" aria-label={text.useLabel(number)} checked={!point.off} onChange={toggle} />
        )}
      </td>
      <td>
        <button
          class="plain"
          aria-label={text.goTo(number)}
          aria-current={selected}
          onClick={() => stage && goToPoint(stage, store, index)}
        >
          {number}
        </button>
      </td>
      <td>{(point.residual ?? 0).toFixed(2)}</td>
      <td>{errorOf(point).toFixed(2)}</td>
      <td>{point.score.toFixed(2)}</td>
      <td>{words.kinds[kindOf(point)]}</td>
    </tr>
  );
}

function Filters() {
  const { store } = useApp();
  const filter = useSelected(({ points }) => points.filter);
  const least = useSelected(({ points }) => points.least);
  return (
    <div class="row">
      <label>
        {text.filter}
        <select
          value={filter}
          onChange={({ currentTarget }) =>
            store.dispatch('pointsLooked', { filter: currentTarget.value as PointFilter })
          }
        >
          {filters.map((name) => (
            <option key={name} value={name}>
              {words.filters[name]}
            </option>
          ))}
        </select>
      </label>
      <label>
        {text.least}
        <input
          type="number"
          min={0}
          step={0.1}
          value={least}
          onInput={({ currentTarget }) =>
            store.dispatch('pointsLooked', { least: Math.max(0, currentTarget.valueAsNumber || 0) })
          }
        />
      </label>
    </div>
  );
}

/** The tie points in a table. */
export function PointTable({ stage }: { stage: Stage | null }) {
  const { store } = useApp();
  const tiePoints = useSelected(({ result }) => result?.tiePoints ?? null);
  const { sort, descending, filter, least } = useSelected(({ points }) => points);
  const count = useSelected(foundCount);
  const mendable = useSelected(({ found }) => found?.mendable === true);
  const listed = useMemo(
    () => listedPoints(tiePoints ?? [], { sort, descending, filter, least }),
    [tiePoints, sort, descending, filter, least],
  );
  if (tiePoints === null || tiePoints.length === 0) return null;
  return (
    <section class="panel points" aria-labelledby="points-heading">
      <h2 id="points-heading">{text.heading}</h2>
      <Filters />
      <p class="quiet" role="status">
        {text.count(listed.length, tiePoints.length)} {listed.length > mostRows && text.cut(mostRows)}
      </p>
      <button
        disabled={!mendable || listed.length === 0}
        onClick={() => store.dispatch('pointsToggled', { indices: listed.filter((index) => index < count) })}
      >
        {text.switchListed}
      </button>
      <div class="scroll" tabIndex={0} role="region" aria-label={text.tableLabel}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.use}</th>
              {columns.map((column) => (
                <th
                  key={column}
                  scope="col"
                  aria-sort={sort !== column ? 'none' : descending ? 'descending' : 'ascending'}
                >
                  <button class="plain" data-column={column} onClick={() => store.dispatch('sorted', { column })}>
                    {words.columns[column]} {sort === column ? (descending ? '▾' : '▴') : ''}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {listed.slice(0, mostRows).map((index) => (
              <Row key={index} index={index} point={tiePoints[index]!} added={index >= count} stage={stage} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
