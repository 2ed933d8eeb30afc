// The time line of a call: its lanes, the marks on them, the ledger's strip, and where one is. Clicking or dragging
// goes to a place; for keys and screen readers it is one slider that says the place in words.
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import type { Peaks } from '../api/types';
import type { Player } from '../sound/player';
import { usePlaying } from '../sound/usePlayer';
import { placeInWords } from '../words/dates';
import { useWords } from '../words/context';
import { Lane } from './Lane';
import { LedgerStrip, type StripGap } from './LedgerStrip';

export interface Voice {
  track: number;
  name: string;
  color: number;
  person?: string | undefined;
}
export interface Mark {
  id: string;
  at_ms: number;
  text: string;
}

const stepMs = 5_000;
const pageMs = 60_000;

interface Props {
  player: Player;
  voices: readonly Voice[];
  peaks: Peaks | undefined;
  duration_ms: number;
  marks: readonly Mark[];
  gaps: readonly StripGap[];
}

export function Timeline({ player, voices, peaks, duration_ms, marks, gaps }: Props) {
  const words = useWords();
  const line = useRef<HTMLDivElement>(null);
  const seconds = usePlaying(player, (playing) => Math.floor(playing.at_ms / 1000));

  const seekTo = (event: PointerEvent) => {
    const box = line.current!.getBoundingClientRect();
    player.seek(((event.clientX - box.left) / box.width) * duration_ms);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, () => void> = {
      ArrowLeft: () => player.move(-stepMs),
      ArrowDown: () => player.move(-stepMs),
      ArrowRight: () => player.move(stepMs),
      ArrowUp: () => player.move(stepMs),
      PageDown: () => player.move(-pageMs),
      PageUp: () => player.move(pageMs),
      Home: () => player.seek(0),
      End: () => player.seek(duration_ms),
    };
    const step = steps[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    step();
  };
  const percent = (ms: number) => `${(100 * Math.min(ms, duration_ms)) / Math.max(1, duration_ms)}%`;

  return (
    <div
      ref={line}
      className="timeline"
      role="slider"
      tabIndex={0}
      aria-label={words.call.position}
      aria-valuemin={0}
      aria-valuemax={Math.floor(duration_ms / 1000)}
      aria-valuenow={seconds}
      aria-valuetext={words.call.positionText(placeInWords(words, seconds * 1000), placeInWords(words, duration_ms))}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      {voices.map((voice) => (
        <Lane
          key={voice.track}
          color={voice.color}
          peaks={peaks?.tracks.find((track) => track.track === voice.track)?.peaks}
        />
      ))}
      <LedgerStrip gaps={gaps} duration_ms={duration_ms} />
      {marks.map((mark) => (
        <span key={mark.id} className="mark" style={{ left: percent(mark.at_ms) }} aria-hidden />
      ))}
      <Playhead player={player} duration_ms={duration_ms} />
    </div>
  );
}

function Playhead({ player, duration_ms }: { player: Player; duration_ms: number }) {
  const at = usePlaying(player, (playing) => playing.at_ms);
  const left = `${(100 * at) / Math.max(1, duration_ms)}%`;
  return (
    <>
      <span className="to-come" style={{ left }} aria-hidden />
      <span className="playhead" style={{ left }} aria-hidden />
    </>
  );
}
