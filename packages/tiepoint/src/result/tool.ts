/** Name and version that stand in every result. */
export const tool = 'tiepoint 0.1.0';
