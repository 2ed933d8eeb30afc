// Files that somebody chose or dropped, with the folders they lie in: those say whose calls they are.
export interface Picked {
  path: string;
  file: File;
}

// Of a folder that was chosen the browser tells the path in it, of a file that was chosen alone nothing.
export const pickedOf = (files: Iterable<File>): Picked[] =>
  [...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })).filter(isWanted);

// What file managers leave in every folder is nobody's recording.
const isWanted = ({ path }: Picked) => !path.split('/').some((part) => part.startsWith('.') || part === 'Thumbs.db');

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((done, failed) => entry.file(done, failed));

// A browser gives a folder's entries a hundred at a time.
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, into: Picked[]): Promise<void> {
  if (entry.isFile) {
    into.push({ path: entry.fullPath.replace(/^\//, ''), file: await fileOf(entry as FileSystemFileEntry) });
    return;
  }
  for (const inside of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(inside, into);
}

// Entries are there only while the drop is handled: they are taken first, and read afterwards.
export async function droppedOf(items: DataTransferItemList): Promise<Picked[]> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const all: Picked[] = [];
  for (const entry of entries) await walk(entry, all);
  return all.filter(isWanted);
}
