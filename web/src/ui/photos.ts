// The addresses of people's photos, by the person's id; for wherever a person's colour is shown.
import { createContext, useContext } from 'react';

export type Photos = ReadonlyMap<string, string>;
export const PhotosContext = createContext<Photos>(new Map());
export const usePhoto = (person: string | undefined): string | undefined => {
  const photos = useContext(PhotosContext);
  return person === undefined ? undefined : photos.get(person);
};
