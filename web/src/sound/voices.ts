// Each voice of a recording is a channel; here each gets its own volume. Made when somebody first presses play:
// browsers give no sound context before that, and nothing here ever sounds by itself.
export class Voices {
  private readonly context = new AudioContext();
  private readonly gains: GainNode[];
  private readonly sides: { left: GainNode; right: GainNode }[];
  private readonly whole: GainNode;

  constructor(audio: HTMLMediaElement, levels: readonly number[]) {
    const source = this.context.createMediaElementSource(audio);
    const splitter = this.context.createChannelSplitter(levels.length);
    const merger = this.context.createChannelMerger(2);
    this.whole = this.context.createGain();
    source.connect(splitter);
    this.gains = levels.map(() => this.context.createGain());
    this.sides = this.gains.map((gain, channel) => {
      splitter.connect(gain, channel);
      const [left, right] = [this.context.createGain(), this.context.createGain()];
      gain.connect(left).connect(merger, 0, 0);
      gain.connect(right).connect(merger, 0, 1);
      return { left, right };
    });
    merger.connect(this.whole).connect(this.context.destination);
    levels.forEach((level, channel) => this.setLevel(channel, level));
    this.setApart(false);
  }

  setLevel(channel: number, level: number) {
    this.gains[channel]?.gain.setTargetAtTime(level, this.context.currentTime, 0.02);
  }

  // Apart: the first voice left, the second right, as they lie in the file. Together: all in both ears.
  setApart(apart: boolean) {
    this.sides.forEach(({ left, right }, channel) => {
      left.gain.value = !apart || channel % 2 === 0 ? 1 : 0;
      right.gain.value = !apart || channel % 2 === 1 ? 1 : 0;
    });
  }

  async wake() {
    if (this.context.state === 'suspended') await this.context.resume();
  }

  // A voice that is missed should not startle: it comes up in a second and a half.
  fadeIn() {
    const now = this.context.currentTime;
    this.whole.gain.cancelScheduledValues(now);
    this.whole.gain.setValueAtTime(0.05, now);
    this.whole.gain.linearRampToValueAtTime(1, now + 1.5);
  }

  close() {
    void this.context.close();
  }
}
