import { mount } from 'svelte';
import App from '../../src/app/App.svelte';
import { AppState } from '../../src/app/app-state.svelte';
import { languageChoice } from '../../src/i18n/choice.svelte';
import '../../src/ui/base.css';
import '../../src/ui/tokens.css';
import { FakeClient } from '../fake-client';
import { FakeServerApi } from '../fake-server-api';

const DELAY_MS = 350;

// `?open` begins with an account, as after a reload.
const resumes = new URLSearchParams(location.search).has('open');
const service = new FakeClient({ delayMs: DELAY_MS, resumes });
const app = new AppState(service, new FakeServerApi());
await languageChoice.start();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { app } });

Object.assign(window, { fake: service });
