// A photo made small before it leaves this device: at most 512 pixels a side, as JPEG.
const mostPx = 512;
const quality = 0.85;

export function smallSize(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, mostPx / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export class NoPhoto extends Error {}

export async function smallPhoto(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => {
    throw new NoPhoto();
  });
  const { width, height } = smallSize(picture.width, picture.height);
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const paper = canvas.getContext('2d');
  if (!paper) throw new NoPhoto();
  paper.imageSmoothingQuality = 'high';
  paper.fillStyle = '#fff'; // JPEG knows nothing of seeing through
  paper.fillRect(0, 0, width, height);
  paper.drawImage(picture, 0, 0, width, height);
  picture.close();
  return new Promise((resolve, reject) => {
    canvas.toBlob((small) => (small ? resolve(small) : reject(new NoPhoto())), 'image/jpeg', quality);
  });
}
