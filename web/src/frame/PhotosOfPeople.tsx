// Who has a photo, for every page inside the frame. A party of a call tells the person, not the photo.
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { peopleQuery } from '../api/queries';
import type { Person } from '../api/types';
import { PhotosContext, type Photos } from '../ui/photos';

const none: Photos = new Map();
const photosOf = (people: readonly Person[]): Photos =>
  new Map(people.flatMap((person) => (person.photo ? [[person.id, person.photo] as const] : [])));

export function PhotosOfPeople({ children }: { children: ReactNode }) {
  const photos = useQuery({ ...peopleQuery, select: photosOf, retry: false });
  return <PhotosContext value={photos.data ?? none}>{children}</PhotosContext>;
}
