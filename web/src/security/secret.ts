// A secret as people copy it by hand.
export const inGroups = (secret: string): string =>
  secret
    .replace(/\s/g, '')
    .match(/.{1,4}/g)
    ?.join(' ') ?? '';
