// The calm face's pages of calls: the latest to listen to, a search, and what was kept.
import { AlbumCards } from '../albums/AlbumCards';
import { Actions, LinkButton } from '../ui/Button';
import { PageTitle } from '../ui/PageTitle';
import { useWords } from '../words/context';
import { useLater } from '../words/later';
import { CallList } from './CallList';
import { SearchBox } from './SearchBox';
import { useFilters } from './useFilters';

export default function CalmPages({ page }: { page: 'listen' | 'search' | 'kept' }) {
  if (page === 'search') return <Search />;
  return page === 'kept' ? <Kept /> : <Listen />;
}

function Listen() {
  const words = useWords();
  const [filters] = useFilters();
  return (
    <div className="page">
      <PageTitle title={words.calm.listenTitle}>{words.calm.listenTitle}</PageTitle>
      <CallList filters={filters} />
    </div>
  );
}

function Search() {
  const words = useWords();
  const [filters, change] = useFilters();
  return (
    <div className="page">
      <PageTitle title={words.calm.searchTitle}>{words.calm.searchTitle}</PageTitle>
      <SearchBox label={words.calm.searchHint} value={filters.q ?? ''} onSearch={(q) => change({ q })} />
      {filters.q ? <CallList filters={filters} /> : <p className="lead">{words.calm.searchEmpty}</p>}
    </div>
  );
}

function Kept() {
  const words = useWords();
  const { albums, keeping } = useLater();
  return (
    <div className="page">
      <PageTitle title={words.calm.keptTitle} aside={<LinkButton href="/albums">{albums.title}</LinkButton>}>
        {words.calm.keptTitle}
      </PageTitle>
      <AlbumCards />
      <CallList filters={{ only: 'kept' }} empty={{ title: words.calm.keptNone, text: words.calm.keptEmpty }} />
      <Actions>
        <LinkButton href="/in-bewaring">{keeping.bin}</LinkButton>
      </Actions>
    </div>
  );
}
