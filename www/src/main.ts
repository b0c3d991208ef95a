import { mount } from 'svelte';
import { HttpServerApi } from './api/http-server-api';
import App from './app/App.svelte';
import { AppState } from './app/app-state.svelte';
import { WorkerClient } from './crypto/client';
import { languageChoice } from './i18n/choice.svelte';
import './ui/tokens.css';
import './ui/base.css';

// The worker starts, and loads its WebAssembly, before anything is drawn.
const app = new AppState(new WorkerClient(), new HttpServerApi());
// Nothing is shown in one language only to change into another.
await languageChoice.start();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { app } });
