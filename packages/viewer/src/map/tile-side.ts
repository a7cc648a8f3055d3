/** Side of a tile, px. */
export const tileSide = 256;
