// Plays one recording: the audio element fetches what it needs by ranges, and this keeps it, the voices' volumes,
// speed and the skipping of silences together. Nothing is fetched before play() is called.
import { Voices } from './voices';
import { skipFrom, type Silence } from './silence';

export interface Playing {
  at_ms: number;
  isPlaying: boolean;
  isWaiting: boolean;
  hasFailed: boolean;
  speed: number;
  skipsSilence: boolean;
  apart: boolean;
  levels: readonly number[];
}

// As many tracks as a recording can have. A channel that a file does not have is silent, and one that nobody has a
// button for is heard all the same.
const voicesMost = 8;

const againMs = 3_000; // so much is heard again after a stop

export const speeds: readonly number[] = [0.75, 1, 1.25, 1.5, 2];

export class Player {
  private state: Playing;
  private readonly followers = new Set<() => void>();
  private audio: HTMLAudioElement | null = null;
  private voices: Voices | null = null;
  private silences: readonly Silence[] = [];
  private frame = 0;
  private stoppedAt: number | null = null;

  constructor(private readonly options: { duration_ms: number; isGentle: boolean }) {
    this.state = {
      at_ms: 0,
      isPlaying: false,
      isWaiting: false,
      hasFailed: false,
      speed: 1,
      skipsSilence: false,
      apart: false,
      levels: Array<number>(voicesMost).fill(1),
    };
  }

  readonly snapshot = () => this.state;
  readonly follow = (changed: () => void) => {
    this.followers.add(changed);
    return () => {
      this.followers.delete(changed);
    };
  };

  private set(change: Partial<Playing>) {
    this.state = { ...this.state, ...change };
    this.followers.forEach((changed) => changed());
  }

  // For React's ref of the audio element; the answer lets go of it.
  readonly take = (audio: HTMLAudioElement | null) => {
    if (!audio) return undefined;
    this.audio = audio;
    const on = {
      playing: this.onPlaying,
      pause: this.onPause,
      ended: this.onPause,
      waiting: this.onWaiting,
      timeupdate: this.onTime,
      seeked: this.onTime,
      error: this.onError,
    };
    for (const [name, listener] of Object.entries(on)) audio.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(on)) audio.removeEventListener(name, listener);
      audio.pause();
      cancelAnimationFrame(this.frame);
      this.voices?.close();
      this.voices = null;
      this.audio = null;
    };
  };

  private readonly onPlaying = () => {
    this.set({ isPlaying: true, isWaiting: false, hasFailed: false });
    this.tick();
  };
  private readonly onPause = () => this.set({ isPlaying: false, isWaiting: false });
  private readonly onWaiting = () => this.set({ isWaiting: true });
  private readonly onTime = () => {
    if (this.audio) this.setPlace(this.audio.currentTime * 1000);
  };
  private readonly onError = () => this.set({ hasFailed: true, isPlaying: false, isWaiting: false });

  private setPlace(ms: number) {
    const at_ms = Math.min(ms, this.options.duration_ms);
    if (this.state.isPlaying && this.state.skipsSilence) {
      const to = skipFrom(this.silences, at_ms);
      if (to !== null) return this.seek(to);
    }
    if (at_ms !== this.state.at_ms) this.set({ at_ms });
  }

  // The browser tells the time four times a second; for eyes that is too little, unless they asked for calm.
  private tick() {
    if (this.options.isGentle || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    cancelAnimationFrame(this.frame);
    const next = () => {
      this.onTime();
      if (this.state.isPlaying) this.frame = requestAnimationFrame(next);
    };
    this.frame = requestAnimationFrame(next);
  }

  // Where it would begin if somebody pressed play now; a button says so beforehand.
  playsFrom(): number {
    const { at_ms } = this.state;
    if (this.audio?.ended || at_ms >= this.options.duration_ms) return 0;
    const isWhereItStopped = this.stoppedAt !== null && Math.abs(this.stoppedAt - at_ms) < 1000;
    return isWhereItStopped ? Math.max(0, Math.round(this.stoppedAt! - againMs)) : at_ms;
  }

  async play() {
    const audio = this.audio;
    if (!audio) return;
    if (this.state.hasFailed) audio.load();
    const isFirst = this.voices === null;
    this.voices ??= new Voices(audio, this.state.levels);
    this.voices.setApart(this.state.apart);
    this.set({ isWaiting: true, hasFailed: false });
    const from = this.playsFrom();
    this.stoppedAt = null;
    if (from !== this.state.at_ms) this.seek(from);
    else if (Math.abs(audio.currentTime * 1000 - this.state.at_ms) > 50) audio.currentTime = this.state.at_ms / 1000;
    audio.playbackRate = this.state.speed;
    if (this.options.isGentle && isFirst) this.voices.fadeIn();
    try {
      await Promise.all([this.voices.wake(), audio.play()]);
    } catch (error) {
      // Pressing pause before the sound came is no failure.
      if (!(error instanceof DOMException && error.name === 'AbortError')) this.onError();
    }
  }

  pause() {
    this.audio?.pause();
    this.set({ isPlaying: false, isWaiting: false });
  }

  // Stops, and stays where it stopped: a note lands there. Who goes on hears a little of it again, to find the thread.
  stop() {
    this.stoppedAt = this.state.at_ms;
    this.pause();
  }

  toggle() {
    if (this.state.isPlaying || this.state.isWaiting) this.pause();
    else void this.play();
  }

  seek(ms: number) {
    const at_ms = Math.round(Math.min(Math.max(0, ms), this.options.duration_ms));
    if (this.audio && this.audio.readyState > 0) this.audio.currentTime = at_ms / 1000;
    this.set({ at_ms });
  }

  move(ms: number) {
    this.seek(this.state.at_ms + ms);
  }

  setSpeed(speed: number) {
    if (this.audio) this.audio.playbackRate = speed;
    this.set({ speed });
  }

  // The next speed up (1) or down (-1).
  step(direction: 1 | -1) {
    const next = speeds[speeds.indexOf(this.state.speed) + direction];
    if (next) this.setSpeed(next);
  }

  setLevel(voice: number, level: number) {
    this.voices?.setLevel(voice, level);
    this.set({ levels: this.state.levels.map((old, i) => (i === voice ? level : old)) });
  }

  setApart(apart: boolean) {
    this.voices?.setApart(apart);
    this.set({ apart });
  }

  setSilences(silences: readonly Silence[]) {
    this.silences = silences;
  }
  setSkipsSilence(skipsSilence: boolean) {
    this.set({ skipsSilence });
  }
}
