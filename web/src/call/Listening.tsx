// Hearing a recording: lanes, buttons, keys. The same for a call of the house and for a stranger with a link.
// Nothing is asked of the server's sound before somebody presses play: that would be a hearing in the log.
import { useEffect, useMemo } from 'react';
import type { Peaks } from '../api/types';
import { Timeline, type Mark, type Voice } from '../lanes/Timeline';
import type { StripGap } from '../lanes/LedgerStrip';
import type { Player } from '../sound/player';
import { silences } from '../sound/silence';
import { usePlaying } from '../sound/usePlayer';
import { Button } from '../ui/Button';
import { useWords } from '../words/context';
import { Dock } from './Dock';
import { Transport } from './Transport';
import { VoiceHead } from './VoiceHead';

interface Props {
  player: Player;
  src: string;
  voices: readonly Voice[];
  duration_ms: number;
  peaks: Peaks | undefined;
  hasPeaksFailed: boolean;
  marks?: readonly Mark[];
  gaps?: readonly StripGap[];
  isCalm: boolean; // then the lanes come first, and the buttons are at the bottom of the screen
  playLabel: string; // says what will be heard
  onFailed?: () => void; // the element does not say why: it may be that the session ended
}

export function Listening({
  player,
  src,
  voices,
  duration_ms,
  peaks,
  hasPeaksFailed,
  marks = [],
  gaps = [],
  isCalm,
  playLabel,
  onFailed,
}: Props) {
  const words = useWords();
  const quiet = useMemo(() => (peaks ? silences(peaks) : []), [peaks]);
  useEffect(() => player.setSilences(quiet), [player, quiet]);
  useHeadset(player);
  const hasFailed = usePlaying(player, (playing) => playing.hasFailed);
  useEffect(() => {
    if (hasFailed) onFailed?.();
  }, [hasFailed, onFailed]);
  const isWaiting = usePlaying(player, (playing) => playing.isWaiting);
  const heads = (
    <div className="voice-heads">
      {voices.map((voice, i) => (
        <VoiceHead key={voice.track} player={player} channel={i} voice={voice} isCalm={isCalm} />
      ))}
    </div>
  );
  return (
    <section className="listening" aria-label={words.call.play}>
      <audio ref={player.take} src={src} preload="none" />
      <div className="lanes">
        {!isCalm && heads}
        <Timeline player={player} voices={voices} peaks={peaks} duration_ms={duration_ms} marks={marks} gaps={gaps} />
        {isCalm && heads}
      </div>
      <div role="status" className="listening-status">
        {isWaiting && words.call.loadingSound}
        {hasPeaksFailed && <p className="hint">{words.call.peaksFailed}</p>}
      </div>
      {hasFailed && (
        <p className="trouble" role="alert">
          {words.call.soundFailed}{' '}
          <Button
            onPress={() => {
              void player.play();
            }}
          >
            {words.common.retry}
          </Button>
        </p>
      )}
      {isCalm ? (
        <Dock player={player} playLabel={playLabel} duration_ms={duration_ms} />
      ) : (
        <Transport player={player} playLabel={playLabel} duration_ms={duration_ms} hasSilences={quiet.length > 0} />
      )}
    </section>
  );
}

// The button of a headset, and the keys for sound of a keyboard. A lock screen is told no name.
function useHeadset(player: Player) {
  useEffect(() => {
    const session = navigator.mediaSession;
    if (!session) return undefined;
    session.metadata = new MediaMetadata({ title: 'Naklank' });
    const actions: [MediaSessionAction, () => void][] = [
      [
        'play',
        () => {
          void player.play();
        },
      ],
      ['pause', () => player.pause()],
      ['stop', () => player.stop()],
      ['seekbackward', () => player.move(-15_000)],
      ['seekforward', () => player.move(15_000)],
    ];
    actions.forEach(([name, act]) => session.setActionHandler(name, act));
    return () => {
      actions.forEach(([name]) => session.setActionHandler(name, null));
      session.metadata = null;
    };
  }, [player]);
}
