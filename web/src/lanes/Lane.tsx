import { useEffect, useRef } from 'react';
import { drawLane } from './draw';

// Drawn anew when its size, the peaks, or light and dark change; never while it plays.
export function Lane({ color, peaks }: { color: number; peaks: readonly number[] | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const draw = () => drawLane(element, peaks);
    const sizes = new ResizeObserver(draw);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    sizes.observe(element);
    dark.addEventListener('change', draw);
    return () => {
      sizes.disconnect();
      dark.removeEventListener('change', draw);
    };
  }, [peaks, color]);
  return <canvas ref={canvas} className={`lane voice-${color}`} aria-hidden />;
}
