/** The part of the report's script that sorts the tie points and saves the numbers. */
export const tableScript = `
  for (const button of document.querySelectorAll('.points th button')) {
    button.addEventListener('click', () => {
      const head = button.parentElement;
      const column = [...head.parentElement.children].indexOf(head);
      const down = head.getAttribute('aria-sort') !== 'descending';
      for (const other of head.parentElement.children) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const body = document.querySelector('.points tbody');
      const valueOf = (row) => row.children[column].textContent;
      const rows = [...body.rows].sort((a, b) => {
        const [p, q] = [Number(valueOf(a)), Number(valueOf(b))];
        const order = Number.isNaN(p) || Number.isNaN(q) ? valueOf(a).localeCompare(valueOf(b)) : p - q;
        return down ? -order : order;
      });
      body.append(...rows);
    });
  }
  document.querySelector('#save').addEventListener('click', () => {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([document.querySelector('#report-data').textContent], { type: 'application/json' }));
    link.download = 'registration.json';
    link.click();
    URL.revokeObjectURL(link.href);
  });
`;
