import { Link } from 'react-aria-components';
import { base } from '../api/client';
import { DialogBox } from '../ui/DialogBox';
import { useWords } from '../words/context';
import { useLater } from '../words/later';

export default function DownloadDialog({ call, onClose }: { call: string; onClose: () => void }) {
  const words = useWords();
  const { download } = useLater();
  const formats = [
    { id: 'flac', name: words.call.flac, hint: words.call.flacHint },
    { id: 'wav', name: words.call.wav, hint: words.call.wavHint },
    { id: 'opus', name: download.opus, hint: download.opusHint },
  ];
  return (
    <DialogBox title={words.call.downloadTitle} isOpen onClose={onClose}>
      <p className="hint">{words.call.downloadHint}</p>
      <ul className="downloads">
        {formats.map(({ id, name, hint }) => (
          <li key={id}>
            <Link
              className="button button-plain download"
              href={`${base}/calls/${call}/audio?format=${id}&download=true`}
              download={`${call}.${id}`}
              target="_self"
            >
              <span className="radio-name">{name}</span>
              <span className="hint">{hint}</span>
            </Link>
          </li>
        ))}
      </ul>
    </DialogBox>
  );
}
