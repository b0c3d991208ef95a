import type { Density } from '../../crypto/views';

const STORAGE_KEY = 's-mail-density';

/** How close rows stand; kept in this browser too. */
export class DensityChoice {
  constructor() {
    apply(localStorage.getItem(STORAGE_KEY) === 'compact' ? 'compact' : 'comfortable');
  }

  choose(density: Density): void {
    // What needs no choosing leaves no trace.
    if (density === 'comfortable') localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, density);
    apply(density);
  }
}

function apply(density: Density): void {
  if (density === 'compact') document.documentElement.dataset['density'] = density;
  else delete document.documentElement.dataset['density'];
}
