import { useState, useSyncExternalStore } from 'react';
import { Player, type Playing } from './player';

export function usePlayer(options: { duration_ms: number; isGentle: boolean }): Player {
  return useState(() => new Player(options))[0];
}

// One thing of what is playing, so that a component is drawn again only when that changes.
export function usePlaying<T extends string | number | boolean | readonly number[]>(
  player: Player,
  pick: (playing: Playing) => T,
): T {
  return useSyncExternalStore(player.follow, () => pick(player.snapshot()));
}
