import { type WarpResampling, warpResamplings } from '@tiepoint/raster';
import { useState } from 'preact/hooks';
import type { Stage } from '../map/map-stage.js';
import { mapPicture } from '../map/map-picture.js';
import { useApp, useSelected } from '../session/app.js';
import { commandLine } from '../session/command-line.js';
import { saveFile } from '../session/save-file.js';
import { words } from '../words.js';

const { exported: text } = words;

/** Endings of files of control points, as on the command line. */
const endings = ['.geojson', '.csv', '.points', '.gcp', '.txt', '.vrt'] as const;

function Command({ resampling }: { resampling: string }) {
  const [copied, setCopied] = useState(false);
  const command = useSelected((state) => commandLine(state, resampling));
  if (command === null) return null;
  return (
    <>
      <h3>{text.command}</h3>
      <code class="command">{command}</code>
      <button
        onClick={() => {
          void navigator.clipboard.writeText(command).then(() => setCopied(true));
        }}
      >
        {copied ? text.copied : text.copy}
      </button>
    </>
  );
}

function Points() {
  const { store, actions } = useApp();
  const [ending, setEnding] = useState<string>(endings[0]);
  const hasPoints = useSelected(({ result }) => (result?.tiePoints.length ?? 0) > 0);
  return (
    <div class="row">
      <label>
        {text.points}
        <select value={ending} onChange={({ currentTarget }) => setEnding(currentTarget.value)}>
          {endings.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <button
        data-export="points"
        disabled={!hasPoints}
        onClick={() => void actions.savePoints(`${text.pointsFile}${ending}`, store.state.result?.tiePoints ?? [])}
      >
        {text.download}
      </button>
    </div>
  );
}

/** The warped image, which takes a while. */
function Image({ resampling }: { resampling: WarpResampling }) {
  const { actions } = useApp();
  const [percent, setPercent] = useState<string | null>(null);
  const [controller, setController] = useState<AbortController | null>(null);
  const refused = useSelected(({ result }) => result?.registration.verdict === 'refuse');
  const save = async (): Promise<void> => {
    const started = new AbortController();
    setController(started);
    setPercent('0');
    await actions.saveImage(resampling, started.signal, setPercent);
    setPercent(null);
  };
  return (
    <>
      <div class="row">
        <button class="primary" data-export="image" disabled={refused || percent !== null} onClick={() => void save()}>
          {text.image}
        </button>
        {percent !== null && <button onClick={() => controller?.abort()}>{words.register.cancel}</button>}
      </div>
      <p class="quiet progress" role="status">
        {percent === null ? (refused ? text.refused : '') : text.writing(percent)}
      </p>
    </>
  );
}

/** What can be taken away. */
export function ExportPanel({ stage }: { stage: Stage | null }) {
  const { store } = useApp();
  const [resampling, setResampling] = useState<WarpResampling>('bilinear');
  const done = useSelected(({ result }) => result !== null);
  if (!done) return null;
  return (
    <section class="panel" aria-labelledby="export-heading">
      <h2 id="export-heading">{text.heading}</h2>
      <div class="row">
        <label>
          {text.resampling}
          <select
            value={resampling}
            onChange={({ currentTarget }) => setResampling(currentTarget.value as WarpResampling)}
          >
            {warpResamplings.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Image resampling={resampling} />
      <Points />
      <div class="row">
        <button
          data-export="solution"
          onClick={() => {
            const document = `${JSON.stringify(store.state.result!.registration, null, 2)}\n`;
            saveFile(new Blob([document], { type: 'application/json' }), text.solutionFile);
          }}
        >
          {text.solution}
        </button>
        <button
          data-export="picture"
          onClick={() => {
            if (stage !== null) void mapPicture(stage.main.map).then((picture) => saveFile(picture, text.pictureFile));
          }}
        >
          {text.picture}
        </button>
      </div>
      <Command resampling={resampling} />
    </section>
  );
}
