// Draws one voice's loudness into its lane: thin bars around the middle, the loudest of each bar's stretch.
const barPx = 2;
const apartPx = 1;
const steep = 1.7; // the peaks are in decibels; drawn as they are, a murmur is as tall as a voice

// The loudest point of each of `bars` equal stretches.
export function barsOf(peaks: readonly number[], bars: number): number[] {
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    let loudest = 0;
    for (let i = from; i < Math.min(to, peaks.length); i++) loudest = Math.max(loudest, peaks[i]!);
    return loudest;
  });
}

export function drawLane(canvas: HTMLCanvasElement, peaks: readonly number[] | undefined) {
  const { width, height } = canvas.getBoundingClientRect();
  const paper = canvas.getContext('2d');
  if (!paper || width === 0) return;
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  paper.scale(scale, scale);
  paper.fillStyle = getComputedStyle(canvas).color;
  if (!peaks) {
    paper.globalAlpha = 0.35;
    paper.fillRect(0, height / 2 - 0.5, width, 1);
    return;
  }
  const bars = barsOf(peaks, Math.floor(width / (barPx + apartPx)));
  bars.forEach((loudness, i) => {
    const high = Math.max(1, (loudness / 255) ** steep * (height - 6));
    paper.globalAlpha = loudness === 0 ? 0.3 : 1;
    paper.fillRect(i * (barPx + apartPx), (height - high) / 2, barPx, high);
  });
}
