/** The playground's page: draws the state, and does what the user says. */
import { render } from 'lit-html';
import type { Backend, Language, PhoneEvent, PhoneSettings } from '../engine/types';
import { LIVE, type Actions } from './actions';
import { PLUGINS_FROM, reaches } from './base-libraries';
import { PhoneControl } from './phone-control';
import { pictureOf, samplePicture } from './pictures';
import { readPreferences, writePreference } from './preferences';
import { createServerBackend, type ServerBackend } from './server-backend';
import { FIRST_FILES, sourcesOf } from './sources';
import { createStore, FIRST_STATE, type ExampleName, type Picture, type State } from './store';
import { announcementOf } from './announcements';
import { textIn } from './texts';
import { emptyTimeline, withEvent } from './timeline';
import { app } from './views/app';

/** Below this width (CSS px) settings are folded at first. */
const NARROW = '(max-width: 1099px)';

async function start(): Promise<void> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="playground-token"]')?.content;
  const server = token
    ? await createServerBackend(token, (bills) => {
        for (const bill of bills) onEvent({ ...bill, type: 'bill', at: phone.now() });
      })
    : undefined;
  const backend: Backend = server ?? (await createStaticBackend());
  const store = createStore({ ...FIRST_STATE, ...readPreferences() }, draw);
  const phone = new PhoneControl(backend, onEvent);
  const actions = createActions(store, phone, server);

  function onEvent(event: PhoneEvent): void {
    const { state } = store;
    store.update({ timeline: withEvent(state.timeline, event) });
    const said = announcementOf(event, textIn(state.language));
    // Outside of what is drawn, so that only this speaks.
    if (said) (document.getElementById('said') as HTMLElement).textContent = said;
  }

  function draw(state: State): void {
    document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = state.theme;
    document.title = textIn(state.language)('title');
    render(app({ state, text: textIn(state.language), actions }), document.body);
  }

  draw(store.state);
  document.addEventListener('paste', (event) => {
    const [file] = event.clipboardData?.files ?? [];
    if (file) void actions.usePicture(file, 'pasted');
  });
  store.update({ sources: await sourcesOf(store.state.example, store.state.language) });
  await actions.useSample();
  await actions.restart();
}

async function createStaticBackend(): Promise<Backend> {
  const { createStaticBackend: create } = await import('../engine/static-backend');
  return create('./');
}

type Store = ReturnType<typeof createStore>;

function createActions(store: Store, phone: PhoneControl, server: ServerBackend | undefined): Actions {
  /** A new phone for a change that a running one cannot take on. */
  async function restart(): Promise<void> {
    store.update({
      phone: 'starting',
      problem: undefined,
      isStale: false,
      timeline: emptyTimeline(),
    });
    await server?.useBilling(store.state.settings.billing);
    // Read only now: what is changed from here on, the new phone is told.
    const { settings, sources, picture, language } = store.state;
    const problem = await phone.restart({ settings, sources, picture: picture?.bytes, language });
    // A later phone has taken its place.
    if (problem === 'replaced') return;
    store.update(problem === undefined ? { phone: 'ready' } : { phone: 'failed', problem });
  }

  async function load(change: { example?: ExampleName; language?: Language }): Promise<void> {
    const { example, language } = { ...store.state, ...change };
    store.update({
      ...change,
      sources: await sourcesOf(example, language),
      changed: [],
      file: FIRST_FILES[example],
    });
    await restart();
  }

  function use(picture: Picture | 'notAPicture' | 'tooLarge'): void {
    const { language, picture: before } = store.state;
    if (typeof picture === 'string') {
      store.update({ pictureProblem: textIn(language)(picture) });
      return;
    }
    if (before) URL.revokeObjectURL(before.url);
    store.update({ picture, pictureProblem: undefined });
    phone.choosePicture(picture.bytes);
  }

  return {
    hasServer: server !== undefined,
    isNarrow: () => matchMedia(NARROW).matches,
    setLanguage(language) {
      writePreference('language', language);
      void load({ language });
    },
    setTheme(theme) {
      writePreference('theme', theme);
      store.update({ theme });
    },
    changeSettings(change) {
      const { settings: before, example } = store.state;
      const settings: PhoneSettings = { ...before, ...change };
      if (!reaches(settings.sdkVersion, PLUGINS_FROM)) settings.plugin = false;
      store.update({ settings });
      // Code of a plugin is another project.
      if (settings.plugin !== (example === 'plugin'))
        return void load({ example: settings.plugin ? 'plugin' : 'ocr' });
      const isLive = LIVE.some((name) => name in change);
      if (!isLive) return void restart();
      phone.change(settings);
      void server?.useBilling(settings.billing);
    },
    resetSettings() {
      store.update({ settings: FIRST_STATE.settings });
      void load({ example: 'ocr' });
    },
    usePicture: async (file, origin) => use(await pictureOf(file, origin)),
    useSample: async () => use(await samplePicture()),
    useExample(example) {
      const { settings } = store.state;
      const sdkVersion =
        example === 'plugin' && !reaches(settings.sdkVersion, PLUGINS_FROM)
          ? PLUGINS_FROM
          : settings.sdkVersion;
      store.update({ settings: { ...settings, sdkVersion, plugin: example === 'plugin' } });
      void load({ example });
    },
    showPanel: (panel) => store.update({ panel }),
    openFile: (file) => store.update({ file }),
    edit(source) {
      const { sources, file, changed } = store.state;
      store.update({
        sources: { ...sources, [file]: source },
        changed: changed.includes(file) ? changed : [...changed, file],
        isStale: true,
      });
    },
    undoEdits: () => void load({}),
    restart,
    abort: () => phone.abort(),
    clear: () => store.update({ timeline: emptyTimeline() }),
    toggleKind(kind) {
      const { hidden } = store.state;
      store.update({
        hidden: hidden.includes(kind) ? hidden.filter((one) => one !== kind) : [...hidden, kind],
      });
    },
  };
}

void start();
