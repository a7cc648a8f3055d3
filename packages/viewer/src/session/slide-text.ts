import { verdictWords } from 'tiepoint';
import type { SlideText } from '../map/slide-picture.js';
import { openPair, type ViewerState } from '../state/state.js';
import { words } from '../words.js';

const { verdict: text } = words;

// As the page's in the light: slides are white.
const colours = { accept: '#1b6e3c', warn: '#8a5300', refuse: '#a5202c' } as const;

const fileOf = (name: string): string => name.split(/[/\\]/).pop() ?? name;

/** What a slide says of the result; null before there is one. */
export function slideText(state: ViewerState): SlideText | null {
  const pair = openPair(state);
  const { result, look } = state;
  if (pair === null || result === null) return null;
  const { registration } = result;
  const { accuracy, verdict, inliers, tiePoints, model, provenance } = registration;
  const metres = accuracy?.ce90Metres === undefined ? '' : ` (${text.metres(accuracy.ce90Metres)})`;
  const facts: (readonly [string, string])[] = [
    ...(accuracy === null
      ? []
      : [
          [text.checkRmse, text.px(accuracy.checkRmse)] as const,
          [text.ce90, text.px(accuracy.ce90) + metres] as const,
        ]),
    ...(tiePoints === 0 ? [] : [[text.inliers, text.of(inliers, tiePoints)] as const]),
    [text.model, words.models[model]],
  ];
  const shown = [
    words.comparisons[look.comparison],
    words.look[look.placed].toLowerCase(),
    ...(look.points && result.tiePoints.length > 0 ? [words.look.ellipses(look.exaggeration).toLowerCase()] : []),
    provenance.tool,
  ];
  const [reference, sensed] = [fileOf(pair.reference.source.name), fileOf(pair.sensed.source.name)];
  return {
    title: words.exported.slideTitle(sensed, reference),
    verdict: text[verdict],
    colour: colours[verdict],
    headline: verdictWords(registration).headline,
    facts,
    caption: shown.filter((part) => part !== '').join(' · '),
  };
}
