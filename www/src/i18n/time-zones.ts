/** Time zones of one part of the world. */
export interface ZoneGroup {
  /** As the database names it: `Europe`. */
  region: string;
  zones: { name: string; place: string }[];
}

/** All time zones that the browser knows, by region and place. */
export function timeZones(): ZoneGroup[] {
  const groups = new Map<string, ZoneGroup['zones']>();
  for (const name of Intl.supportedValuesOf('timeZone')) {
    const [region = name, ...rest] = name.split('/');
    if (rest.length === 0) continue;
    const zones = groups.get(region) ?? [];
    zones.push({ name, place: rest.join(' – ').replaceAll('_', ' ') });
    groups.set(region, zones);
  }
  return [...groups].map(([region, zones]) => ({ region, zones }));
}

/** The one of this device. */
export function deviceZone(): string {
  return new Intl.DateTimeFormat('en').resolvedOptions().timeZone;
}
