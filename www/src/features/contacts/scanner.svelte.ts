/** What browsers that can read codes have (Shape Detection API); TypeScript does not know it yet. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

function detectorClass(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

/** Whether this browser can read codes with its camera. */
export function canScan(): boolean {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  return detectorClass() !== undefined && mediaDevices !== undefined;
}

/** Reads QR codes with the camera, until one is wanted or it is stopped. Pictures are looked at and kept nowhere. */
export class Scanner {
  #stream: MediaStream | undefined;
  isOn = $state(false);

  /** Begins; every code seen is told until one is accepted. Rejects when there is no camera, or it may not be used. */
  async start(video: HTMLVideoElement, seen: (text: string) => boolean): Promise<void> {
    const Detector = detectorClass();
    if (!Detector) throw new Error('no detector');
    this.#stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    this.isOn = true;
    video.srcObject = this.#stream;
    await video.play();
    const detector = new Detector({ formats: ['qr_code'] });
    const look = async () => {
      if (!this.isOn) return;
      const codes = await detector.detect(video).catch(() => []);
      if (codes.some(({ rawValue }) => seen(rawValue))) this.stop();
      else requestAnimationFrame(() => void look());
    };
    void look();
  }

  stop(): void {
    this.isOn = false;
    this.#stream?.getTracks().forEach((track) => track.stop());
    this.#stream = undefined;
  }
}
