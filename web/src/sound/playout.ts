// When each piece of a sound that happens now is to be played. A little is kept in hand, so that the network may be
// uneven; when too much has gathered, pieces are left out until it is a little again. All times are in seconds.
export const inHandS = 0.35;
export const mostS = 1.5;

export class Playout {
  private at = 0;
  private isCatchingUp = false;

  // When this piece begins, or null: it is left out.
  next(nowS: number, lengthS: number): number | null {
    const inHand = this.at - nowS;
    if (inHand > mostS) this.isCatchingUp = true;
    if (this.isCatchingUp && inHand > inHandS) return null;
    this.isCatchingUp = false;
    // At the beginning, and when nothing was left in hand.
    if (inHand <= 0) this.at = nowS + inHandS;
    const begins = this.at;
    this.at += lengthS;
    return begins;
  }

  // How much is still to be heard.
  leftS(nowS: number): number {
    return Math.max(0, this.at - nowS);
  }
}
