/** What a project declares about its own services: one declaration for the global, the import and plugins. */
import type { UrlField } from 'miniprogram-servicemarket/typings';

declare global {
  interface ServiceMarketServices {
    wx0123456789abcdef: {
      readAll: { data: { url: UrlField; language?: 'zh' | 'en' }; answer: { pages: number } };
      convert:
        | { data: { kind: 'text'; text: string }; answer: { words: number } }
        | { data: { kind: 'sound'; url: UrlField }; answer: { seconds: number } };
    };
    // An api that a known service has besides those that are known.
    wx79ac3de8be320b71: { PlateRecognition: { data: { img_url: UrlField }; answer: { plate: string } } };
  }
}
