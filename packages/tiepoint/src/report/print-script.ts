/**
 * The part of the report's script for paper and for the table: the comparison cannot be swiped on paper, so that its stills are
 * printed side by side; the table is printed open. Uses `stage`, `tops` and `drawDifference`.
 */
export const printScript = `
  const prints = document.querySelector('.prints');
  function still(caption, ...parts) {
    const figure = document.createElement('figure');
    const frame = document.createElement('div');
    frame.className = 'frame';
    frame.append(...parts);
    const words = document.createElement('figcaption');
    words.textContent = caption;
    figure.append(frame, words);
    return figure;
  }
  function copyOf(element, ...classes) {
    const copy = element.cloneNode(true);
    copy.removeAttribute('id');
    copy.hidden = false;
    copy.classList.add(...classes);
    return copy;
  }
  function differenceOf(state) {
    const canvas = document.createElement('canvas');
    drawDifference(canvas, state, 2);
    return canvas;
  }
  let opened = [];
  addEventListener('beforeprint', () => {
    const bottom = stage.querySelector('img');
    // A row for the reference and the image before, a row for the tie points and the image after.
    const lead = {
      before: () => still('Reference', copyOf(bottom)),
      after: () => still('Tie points on the reference', copyOf(bottom), copyOf(stage.querySelector('.overlay'))),
    };
    const figures = [];
    for (const [name, image] of Object.entries(tops)) {
      if (!image) continue;
      figures.push(lead[name]());
      figures.push(still('Sensed image, ' + name, copyOf(image)), still('Checkerboard, ' + name, copyOf(bottom), copyOf(image, 'checked')));
      if (differences[name]) figures.push(still('Difference, ' + name, differenceOf(name)));
    }
    prints.replaceChildren(...figures);
    opened = [...document.querySelectorAll('details:not([open])')];
    for (const details of opened) details.open = true;
  });
  addEventListener('afterprint', () => {
    prints.replaceChildren();
    for (const details of opened) details.open = false;
  });
`;
