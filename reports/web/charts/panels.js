// Small panels side by side, as many in a row as there is room for.

/** Where panel `index` of `count` stands, and how large it is; all are alike. */
export function panelGrid(width, count, { least, height, gap = 28, most = 6 }) {
  const columns = Math.max(1, Math.min(most, count, Math.floor((width + gap) / (least + gap))));
  const panelWidth = (width - gap * (columns - 1)) / columns;
  const rows = Math.ceil(count / columns);
  return {
    columns,
    panelWidth,
    total: rows * height + (rows - 1) * gap,
    at: (index) => ({ x: (index % columns) * (panelWidth + gap), y: Math.floor(index / columns) * (height + gap) }),
  };
}
