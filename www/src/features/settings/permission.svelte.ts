/** Whether this browser lets the page show notifications. */
export class Permission {
  state = $state<NotificationPermission | 'unsupported'>(now());

  /** Asks the person, unless that was answered before. Fails at nothing. */
  async ask(): Promise<void> {
    if (this.state !== 'default') return;
    try {
      this.state = await Notification.requestPermission();
    } catch {
      this.state = now();
    }
  }
}

function now(): NotificationPermission | 'unsupported' {
  return 'Notification' in globalThis ? Notification.permission : 'unsupported';
}
