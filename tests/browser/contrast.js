// The contrast of the text of given elements with what really stands behind it.
// Returns [{selector, text, ratio, needed}] for those whose background is plain colours, and [{selector, text, picture:
// true, needed, colour, boxes}] for those with a picture (a gradient, a shape) behind them or behind what they stand on.
(selectors) => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const drawn = (style) => style.content !== "none" && (style.backgroundImage !== "none" || rgba(style.backgroundColor)[3] > 0);
  const results = [];
  for (const selector of selectors) {
    const element = document.querySelector(selector);
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const layers = [];
    let picture = false;
    let opacity = 1;
    for (let at = element; at; at = at.parentElement) {
      const its = getComputedStyle(at);
      opacity *= Number(its.opacity);
      picture ||= its.backgroundImage !== "none" || drawn(getComputedStyle(at, "::before")) || drawn(getComputedStyle(at, "::after"));
      layers.push(rgba(its.backgroundColor));
      if (layers.at(-1)[3] === 1) break;
    }
    const behind = layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255, 1]);
    const text = element.textContent.trim().slice(0, 40);
    const [r, g, b, a] = rgba(style.color);
    const colour = over([r, g, b, a * opacity], behind);
    if (!picture) {
      results.push({ selector, text, needed, ratio: contrast(colour, behind) });
      continue;
    }
    const boxes = [];
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (!walker.currentNode.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      for (const box of range.getClientRects()) boxes.push([box.x + scrollX, box.y + scrollY, box.width, box.height]);
    }
    results.push({ selector, text, needed, picture: true, colour, boxes });
  }
  return results;
}
