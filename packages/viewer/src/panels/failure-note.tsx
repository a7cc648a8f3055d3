import type { Failure } from '../worker/protocol.js';

/** What went wrong and what to do, as the command line says it. */
export function FailureNote({ failure }: { failure: Failure }) {
  return (
    <div class="failure" role="alert" data-code={failure.code}>
      <p>{failure.message}</p>
      {failure.hint !== '' && <p class="quiet">{failure.hint}</p>}
    </div>
  );
}
