/** The test function: each test gets people, a server that its worker shares, and fails on any fault behind the page. */
import { test as base, expect } from '@playwright/test';
import { launch } from './ui/launch.ts';
import { Faults } from './faults.ts';
import { Site } from './site.ts';
import { SharedAccounts, World } from './world.ts';
import type { Browser } from './ui/ui.ts';

interface Fixtures {
  world: World;
}

interface WorkerFixtures {
  site: Site;
  device: Browser;
  accounts: SharedAccounts;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  site: [
    async ({}, use) => {
      const site = await Site.start();
      await use(site);
      await site.close();
    },
    { scope: 'worker' },
  ],
  device: [
    async ({}, use, { project }) => {
      const device = await launch(project.name);
      await use(device);
      await device.close();
    },
    { scope: 'worker' },
  ],
  accounts: [async ({}, use) => use(new SharedAccounts()), { scope: 'worker' }],
  world: async ({ site, device, accounts }, use, about) => {
    const faults = new Faults();
    const world = new World(site, device, faults, accounts);
    await use(world);
    await world.close(about.status === about.expectedStatus);
    expect(world.noticed(), 'errors, exceptions and policy violations behind the page').toEqual([]);
  },
});

export { expect };
