import { isElsewhere } from '../mailbox/list-keys';

/** The sheet that shows which keys do what. */
export class Shortcuts {
  open = $state(false);

  /** A key was pressed somewhere on the page. The question mark opens the sheet, where single keys are shortcuts. */
  press(event: KeyboardEvent, singleKeys: boolean): void {
    const { key, ctrlKey, metaKey, altKey, target, defaultPrevented } = event;
    if (!singleKeys || key !== '?' || ctrlKey || metaKey || altKey || defaultPrevented) return;
    if (isElsewhere(target)) return;
    event.preventDefault();
    this.open = true;
  }
}
