// Listening in on a call that runs: its sound is read as it comes and played at once. Nothing is asked for before
// somebody presses, for the server writes down who listens.
import { base } from '../api/client';
import { PcmReader, together } from '../sound/pcm';
import { Playout } from '../sound/playout';

export type Hearing = 'coming' | 'on' | 'over' | 'failed';

// Begins; the answer stops it. `tell` is called when it becomes something else, never after it was stopped.
export function listenIn(live: string, tell: (hearing: Hearing) => void): () => void {
  const context = new AudioContext({ sampleRate: 16_000, latencyHint: 'interactive' });
  const stopping = new AbortController();
  const playout = new Playout();
  let isStopped = false;
  const say = (hearing: Hearing) => {
    if (!isStopped) tell(hearing);
  };
  const stop = () => {
    isStopped = true;
    stopping.abort();
    void context.close().catch(() => undefined);
  };

  const play = (samples: Float32Array<ArrayBuffer>, rateHz: number) => {
    const at = playout.next(context.currentTime, samples.length / rateHz);
    if (at === null) return;
    const buffer = context.createBuffer(1, samples.length, rateHz);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    source.start(at);
  };

  const run = async () => {
    await context.resume();
    const answer = await fetch(`${base}/live/${encodeURIComponent(live)}/audio`, { signal: stopping.signal });
    if (!answer.ok || !answer.body) return say('failed');
    const reader = answer.body.getReader();
    const pcm = new PcmReader();
    for (let isFirst = true; ;) {
      const { value, done } = await reader.read();
      if (done) break;
      const channels = pcm.push(value);
      if (!channels || isStopped) continue;
      play(together(channels), pcm.format!.rateHz);
      if (isFirst) say('on');
      isFirst = false;
    }
    // What is still in hand is heard to its end.
    setTimeout(
      () => {
        say('over');
        stop();
      },
      1000 * playout.leftS(context.currentTime),
    );
  };

  tell('coming');
  run().catch(() => {
    say('failed');
    stop();
  });
  return stop;
}
