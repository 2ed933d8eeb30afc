// The full face's buttons below the lanes.
import type { Player } from '../sound/player';
import { speeds } from '../sound/player';
import { usePlaying } from '../sound/usePlayer';
import { Button } from '../ui/Button';
import { Choice, OnOff } from '../ui/Choice';
import { timeCode } from '../words/dates';
import { useWords } from '../words/context';

export function Transport({
  player,
  playLabel,
  duration_ms,
  hasSilences,
}: {
  player: Player;
  playLabel: string;
  duration_ms: number;
  hasSilences: boolean;
}) {
  const words = useWords();
  const isOn = usePlaying(player, (playing) => playing.isPlaying || playing.isWaiting);
  const seconds = usePlaying(player, (playing) => Math.floor(playing.at_ms / 1000));
  const speed = usePlaying(player, (playing) => playing.speed);
  const skips = usePlaying(player, (playing) => playing.skipsSilence);
  const apart = usePlaying(player, (playing) => playing.apart);
  const number = new Intl.NumberFormat(words.locale);
  return (
    <div className="transport">
      <div className="transport-main">
        <Button className="step-button" onPress={() => player.move(-15_000)}>
          <svg viewBox="0 0 24 24" aria-hidden>
            <path d="M11 6 5 12l6 6M19 6l-6 6 6 6" />
          </svg>
          {words.call.back15s}
        </Button>
        <Button
          look="first"
          className="play-button"
          onPress={() => player.toggle()}
          aria-label={isOn ? words.call.pause : playLabel}
        >
          <svg viewBox="0 0 24 24" aria-hidden>
            {isOn ? <path d="M7 5h4v14H7zM13 5h4v14h-4z" /> : <path d="M8 5v14l11-7z" />}
          </svg>
          {isOn ? words.call.pause : words.call.listen}
        </Button>
        <Button className="step-button" onPress={() => player.move(15_000)}>
          {words.call.forward15s}
          <svg viewBox="0 0 24 24" aria-hidden>
            <path d="m13 6 6 6-6 6M5 6l6 6-6 6" />
          </svg>
        </Button>
        <p className="place">
          <span className="place-now">{timeCode(seconds * 1000)}</span> / {timeCode(duration_ms)}
        </p>
      </div>
      <div className="transport-more">
        <Choice
          label={words.call.speed}
          look="row"
          value={String(speed)}
          onChange={(value) => player.setSpeed(Number(value))}
          options={speeds.map((s) => ({ id: String(s), name: words.call.speedText(number.format(s)) }))}
        />
        <div className="switches">
          <OnOff isSelected={skips} isDisabled={!hasSilences} onChange={(on) => player.setSkipsSilence(on)}>
            {words.call.skipSilence}
          </OnOff>
          <OnOff isSelected={apart} onChange={(on) => player.setApart(on)}>
            {words.call.apart}
          </OnOff>
        </div>
      </div>
    </div>
  );
}
