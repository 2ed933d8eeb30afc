// Who a lane belongs to, and how loud they are: the quiet one can be made louder without the loud one.
import { Label, Slider, SliderThumb, SliderTrack } from 'react-aria-components';
import type { Voice } from '../lanes/Timeline';
import type { Player } from '../sound/player';
import { usePlaying } from '../sound/usePlayer';
import { Button } from '../ui/Button';
import { usePhoto } from '../ui/photos';
import { Face } from '../ui/Tags';
import { useWords } from '../words/context';

const loudest = 2;
const step = 0.25;

export function VoiceHead({
  player,
  channel,
  voice,
  isCalm,
}: {
  player: Player;
  channel: number;
  voice: Voice;
  isCalm: boolean;
}) {
  const words = useWords();
  const hasPhoto = usePhoto(voice.person) !== undefined;
  const level = usePlaying(player, (playing) => playing.levels[channel] ?? 1);
  const set = (next: number) => player.setLevel(channel, Math.min(loudest, Math.max(0, next)));
  const percent = new Intl.NumberFormat(words.locale, { style: 'percent' }).format(level);
  return (
    <div className={`voice-head voice-${voice.color}`}>
      <span className="voice-name">
        {hasPhoto ? (
          <Face name={voice.name} color={voice.color} person={voice.person} />
        ) : (
          <span className="dot" aria-hidden />
        )}
        {voice.name}
      </span>
      {isCalm ? (
        <span className="voice-level" role="group" aria-label={words.call.volumeOf(voice.name)}>
          <Button onPress={() => set(level - step)} isDisabled={level <= 0}>
            {words.call.softer}
          </Button>
          <span className="level" aria-live="polite">
            {percent}
          </span>
          <Button onPress={() => set(level + step)} isDisabled={level >= loudest}>
            {words.call.louder}
          </Button>
        </span>
      ) : (
        <Slider
          className="level-slider"
          value={level}
          onChange={set}
          minValue={0}
          maxValue={loudest}
          step={0.05}
          formatOptions={{ style: 'percent' }}
        >
          <Label className="unseen">{words.call.volumeOf(voice.name)}</Label>
          <SliderTrack className="level-track">
            <span className="level-fill" style={{ width: `${(100 * level) / loudest}%` }} />
            <SliderThumb className="level-thumb" />
          </SliderTrack>
        </Slider>
      )}
    </div>
  );
}
