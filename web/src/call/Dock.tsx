// The calm face's buttons: at the bottom of the screen, always. What starts says what will be heard, and from where when
// that is not the beginning; once it sounds, Stop is at the very same place. On a small screen the same is said in fewer
// letters.
import type { Player } from '../sound/player';
import { usePlaying } from '../sound/usePlayer';
import { Button } from '../ui/Button';
import { timeCode } from '../words/dates';
import { useWords } from '../words/context';

export function Dock({ player, playLabel, duration_ms }: { player: Player; playLabel: string; duration_ms: number }) {
  const words = useWords();
  const isOn = usePlaying(player, (playing) => playing.isPlaying || playing.isWaiting);
  const seconds = usePlaying(player, (playing) => Math.floor(playing.at_ms / 1000));
  const from = usePlaying(player, () => Math.floor(player.playsFrom() / 1000));
  const [long, short] =
    from > 0
      ? [words.calm.goOn(timeCode(from * 1000)), words.calm.goOnShort(timeCode(from * 1000))]
      : [playLabel, words.call.listen];
  return (
    <div className="dock">
      <div className="dock-inner">
        <Button className="dock-step" onPress={() => player.move(-15_000)}>
          <span className="dock-long">{words.call.back15}</span>
          <span className="dock-short">{words.call.back15s}</span>
        </Button>
        <p className="place">{words.call.positionText(timeCode(seconds * 1000), timeCode(duration_ms))}</p>
        <Button className="dock-step" onPress={() => player.move(15_000)}>
          <span className="dock-long">{words.call.forward15}</span>
          <span className="dock-short">{words.call.forward15s}</span>
        </Button>
        <Button
          look="first"
          className={`dock-play ${isOn ? 'is-on' : ''}`}
          aria-label={isOn ? words.call.stop : long}
          onPress={() => {
            if (isOn) player.stop();
            else void player.play();
          }}
        >
          {isOn ? (
            words.call.stop
          ) : (
            <>
              <span className="dock-long">{long}</span>
              <span className="dock-short">{short}</span>
            </>
          )}
        </Button>
      </div>
    </div>
  );
}
