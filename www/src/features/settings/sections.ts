import type { SettingsPart } from '../../app/routes';
import type { IconName } from '../../ui/icons';

/** The sign of each part of the settings. */
export const PART_ICONS: Record<SettingsPart, IconName> = {
  general: 'settings',
  writing: 'drafts',
  reading: 'read',
  notifications: 'bell',
  security: 'shield',
  keys: 'key',
  account: 'person',
};
