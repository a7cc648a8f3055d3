import { verdictWords } from 'tiepoint';
import { useSelected } from '../session/app.js';
import { words } from '../words.js';

const { verdict: text } = words;

function Fact({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** The verdict, what it rests on and how good the answer is, in words. */
export function VerdictPanel() {
  const result = useSelected((state) => state.result);
  const refitting = useSelected((state) => state.refitting);
  const edited = useSelected((state) => state.result?.registration.provenance.edits !== undefined);
  if (result === null) return null;
  const { registration, mendable } = result;
  const { verdict, accuracy, reasons, warnings, inliers, tiePoints, model, method, seconds } = registration;
  const said = verdictWords(registration);
  return (
    <section
      class={`panel verdict ${verdict}`}
      aria-labelledby="verdict-heading"
      aria-busy={refitting}
      data-verdict={verdict}
    >
      <h2 id="verdict-heading">
        <span class="badge">{text[verdict]}</span> {refitting && <span class="quiet">{text.refitting}</span>}
      </h2>
      <p>{said.headline}</p>
      <ul class="reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <dl>
        {accuracy !== null && (
          <>
            <Fact name={text.checkRmse}>{text.px(accuracy.checkRmse)}</Fact>
            <Fact name={text.ce90}>
              {text.px(accuracy.ce90)}
              {accuracy.ce90Metres !== undefined && ` (${text.metres(accuracy.ce90Metres)})`}
            </Fact>
            <Fact name={text.predictedSd}>{text.px(accuracy.predictedSd)}</Fact>
          </>
        )}
        {tiePoints > 0 && <Fact name={text.inliers}>{text.of(inliers, tiePoints)}</Fact>}
        <Fact name={text.model}>{words.models[model]}</Fact>
        {method !== '' && (
          <Fact name={text.method}>
            {method}, {text.seconds(seconds)}
          </Fact>
        )}
      </dl>
      {edited && <p class="quiet">{text.edited}</p>}
      {tiePoints === 0 && !mendable && verdict !== 'refuse' && <p class="quiet">{text.stored}</p>}
      {warnings.length > 0 && (
        <details>
          <summary>
            {text.warnings} ({warnings.length})
          </summary>
          <ul>
            {warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}
