/** As far as browsers have it that let a page write a file (WICG File System Access). */
type SavePicker = (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;

function picker(): SavePicker | undefined {
  const { showSaveFilePicker } = window as { showSaveFilePicker?: SavePicker };
  return showSaveFilePicker?.bind(window);
}

/** Whether a file is written as it comes; where not, it is collected first. */
export function writesAsItComes(): boolean {
  return picker() !== undefined;
}

/** The file that the person chooses; undefined where the browser saves it at the end, `none` when nothing was chosen. */
export async function chooseTarget(
  suggestedName: string,
): Promise<FileSystemFileHandle | undefined | 'none'> {
  const choose = picker();
  if (!choose) return undefined;
  try {
    return await choose({ suggestedName });
  } catch {
    return 'none';
  }
}
