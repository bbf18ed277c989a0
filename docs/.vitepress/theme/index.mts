/** VitePress's own theme, with diagrams drawn from their text in the reader's browser, and the playground's frame and picture. */
import { useData, type Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { createMermaidRenderer } from 'vitepress-mermaid-renderer';
import 'vitepress-mermaid-renderer/css';
import { h, nextTick, watch } from 'vue';
import HomePicture from './HomePicture.vue';
import Playground from './Playground.vue';
import './style.css';

export default {
  extends: DefaultTheme,
  Layout: () => {
    const { isDark } = useData();
    const draw = (): void => {
      createMermaidRenderer({ theme: isDark.value ? 'dark' : 'neutral', static: true });
    };
    void nextTick(draw);
    watch(isDark, draw);
    return h(DefaultTheme.Layout, null, { 'home-hero-image': () => h(HomePicture) });
  },
  enhanceApp({ app }) {
    app.component('Playground', Playground);
  },
} satisfies Theme;
