// The albums and libraries that one was let into, each a card.
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-aria-components';
import { albumsQuery } from '../api/queries';
import { albumPath } from '../router/routes';
import { useLater } from '../words/later';

export function AlbumCards() {
  const { albums: words } = useLater();
  const albums = useQuery(albumsQuery);
  if (!albums.data || albums.data.length === 0) return null;
  return (
    <ul className="people" aria-label={words.title}>
      {albums.data.map((album) => (
        <li key={album.id}>
          <Link href={albumPath(album.id)} className="person">
            <svg className="album-mark" viewBox="0 0 24 24" aria-hidden>
              <path d="M7 3h13v15H7zM4 6v15h13" />
            </svg>
            <span className="person-words">
              <span className="person-name">{album.name}</span>
              <span className="hint">
                {[
                  album.kind === 'library' ? words.library : words.membersCount(album.members.length),
                  words.calls(album.calls),
                ].join(' · ')}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
